using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Lab.Runs.Imports;

/// <summary>What an import has to submit. Each exchange has one id, so that none is given twice.</summary>
/// <param name="Missing">Exchanges that the instance has not completed, in the order of the file.</param>
/// <param name="Told">Number of exchanges of the same file that the instance has completed.</param>
public sealed record ImportPlan(ImmutableArray<SubmittedInput> Missing, int Told)
{
    /// <summary>Compares a file with what its instance was given earlier.</summary>
    /// <param name="topic">Topic of exchanges without one.</param>
    public static async Task<ImportPlan> OfAsync(
        ImportedFile file,
        string topic,
        EventStore store,
        RunPlan plan,
        string instance,
        CancellationToken cancellationToken
    )
    {
        RunFollower follower = new(store.Journal, plan.Run);
        await follower.CatchUpAsync(cancellationToken);
        var missing = ImmutableArray.CreateBuilder<SubmittedInput>();
        foreach (var experience in file.Experiences)
        {
            if (ArrivalOf(experience) is { } arrival)
                missing.Add(new SubmittedInput(instance, arrival, experience.ToInput(topic)));
        }

        return new ImportPlan(missing.ToImmutable(), file.Experiences.Length - missing.Count);

        // One that was withdrawn left no experience, and is given again under another id. Null if it is completed.
        string? ArrivalOf(ImportedExperience experience)
        {
            for (var attempt = 1; ; attempt++)
            {
                var arrival = experience.Arrival(file.Digest, plan.Run, instance, attempt);
                if (!follower.Settled.TryGetValue(arrival, out var settled))
                    return arrival;
                if (settled.TakenBack is null)
                    return null;
            }
        }
    }
}
