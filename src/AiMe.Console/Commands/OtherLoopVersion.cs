using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary>
/// An unfinished run of the same experiment that an earlier release planned under another version of the loop. The same file now
/// means another run, and a person who wants to resume has to be told.
/// </summary>
internal static class OtherLoopVersion
{
    /// <summary>A note on such a run; null if there is none, or if the store has a run of the experiment as it is.</summary>
    /// <exception cref="CorruptJournalException">A run's record cannot be read.</exception>
    public static async Task<string?> NoteAsync(Experiment experiment, IJournal journal, CancellationToken cancellationToken)
    {
        if (await InstanceReader.ReadRunAsync(journal, experiment.RunId, cancellationToken) is not null)
            return null;
        for (var version = LoopVersion.Newest; version >= LoopVersion.First; version--)
        {
            var other = experiment with { LoopVersion = version == LoopVersion.First ? null : version };
            if (await InstanceReader.ReadRunAsync(journal, other.RunId, cancellationToken) is { Digest: null, Plan: { } plan })
                return $"The store has {other.RunId}, an unfinished run of this experiment under version {version} of the loop. The "
                    + $"file now means version {experiment.LoopVersion ?? LoopVersion.First}, which is the new run {experiment.RunId}. "
                    + $"To resume the other: {RunWords.Resume(plan)}.";
        }

        return null;
    }
}
