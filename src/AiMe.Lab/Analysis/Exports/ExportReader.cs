using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>An experience with its instance.</summary>
/// <param name="Parent">The parent of a fork; null for a planned instance.</param>
/// <param name="Charter">Name of its charter.</param>
/// <param name="Review">What people decided on it; null if it was not held for them, or its round is not sealed.</param>
public sealed record LivedExperience(
    string Run,
    string Instance,
    string Variant,
    int Replicate,
    Stored Experience,
    ExperienceKind Kind = ExperienceKind.Planned,
    string? Parent = null,
    SettledReview? Review = null,
    string Charter = ""
)
{
    /// <summary>The generation that it belongs to, from 0: experiences of round r are those of generation r - 1.</summary>
    public int Generation => Experience.Round - 1;
}

/// <summary>Streams the experiences of a run, so that a large run need not fit into memory.</summary>
public static class ExportReader
{
    /// <summary>
    /// Reads the experiences that pass the filter: planned instances in the order of the plan, then forks, each in the
    /// order of its cycles. The same journal gives the same lines. The hash chain is verified while reading.
    /// </summary>
    /// <param name="instances">Names; empty for all instances of the run.</param>
    /// <param name="leftOut">Called for each experience that is left out because it is not planned.</param>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async IAsyncEnumerable<LivedExperience> ReadAsync(
        IJournal journal,
        SupervisorState run,
        ImmutableArray<string> instances,
        ExportFilter filter,
        Action? leftOut,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var plan = run.Plan!;
        long passed = 0;
        foreach (var name in InstanceOrder.Of(run))
        {
            var (variant, replicate) = (run.Instances[name].Variant, run.Instances[name].Replicate);
            if (
                !instances.IsEmpty && !instances.Contains(name, StringComparer.Ordinal)
                || !filter.Variants.IsEmpty && !filter.Variants.Contains(variant, StringComparer.Ordinal)
            )
                continue;
            var stream = PersistenceId.Of(plan.Run, new FacultyAddress(name, Loop.Memory));
            var kinds = await ExperienceKinds.OfAsync(journal, stream, run.Instances[name], cancellationToken);
            var events = EventsAsync(journal, plan.Run, name, run.Instances[name], cancellationToken);
            await foreach (var (stored, review) in SettledVerdicts.WithReviewsAsync(events, cancellationToken))
            {
                if (!filter.Passes(stored))
                    continue;
                if (filter.PlannedOnly && kinds.Of(stored) != ExperienceKind.Planned)
                {
                    leftOut?.Invoke();
                    continue;
                }

                if (++passed > filter.Limit)
                    yield break;
                yield return new LivedExperience(
                    plan.Run,
                    name,
                    variant,
                    replicate,
                    stored,
                    kinds.Of(stored),
                    kinds.Parent,
                    review,
                    plan.CharterOf(variant, replicate).Name
                );
            }
        }
    }

    private static async IAsyncEnumerable<Event> EventsAsync(
        IJournal journal,
        string run,
        string instance,
        InstanceProgress progress,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var memory = Loop.Faculties.IndexOf(Loop.Faculties.First(f => f.Name == Loop.Memory));
        var stream = PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory));
        var current = StreamState.Before(Loop.Faculties[memory]);
        await foreach (var row in journal.ReadAsync(stream, 1, long.MaxValue, cancellationToken))
        {
            current = current.Next(Loop.Faculties[memory], row, FacultyEvents.Codec, out var happened);
            yield return happened;
        }

        if (
            progress.IsAtRest
            && current.Head != progress.Heads.Links[memory]
            && await InstanceReader.IsStillAsync(journal, run, instance, progress.Heads, cancellationToken)
        )
            throw InstanceEnd.Elsewhere(run, instance, memory, current.Head, progress.Heads.Links[memory]);
    }
}
