using System.Collections.Immutable;
using AiMe.Faculties.Self;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Counts of training outcomes.</summary>
/// <param name="Skipped">Number of rounds without a training.</param>
/// <param name="Causes">
/// Causes of rollbacks, the most frequent first, ties in ordinal order; one training may have several.
/// </param>
public sealed record TrainingTally(int Promoted, int RolledBack, int Failed, int Skipped, ImmutableArray<(string Cause, int Times)> Causes)
{
    /// <summary>Number of trainings carried out or tried.</summary>
    public int Trained => Promoted + RolledBack + Failed;

    /// <summary>Counts outcomes.</summary>
    public static TrainingTally Of(IEnumerable<TrainingOutcome> results)
    {
        ImmutableArray<TrainingOutcome> all = [.. results];
        return new TrainingTally(
            all.Count(t => t.Outcome == RoundOutcome.Promoted),
            all.Count(t => t.Outcome == RoundOutcome.RolledBack),
            all.Count(t => t.Outcome == RoundOutcome.Failed),
            all.Count(t => t.Outcome == RoundOutcome.Untrained),
            [
                .. all.Where(t => t.Outcome == RoundOutcome.RolledBack)
                    .SelectMany(t => t.Causes)
                    .GroupBy(c => c, StringComparer.Ordinal)
                    .OrderByDescending(g => g.Count())
                    .ThenBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => (g.Key, g.Count())),
            ]
        );
    }
}
