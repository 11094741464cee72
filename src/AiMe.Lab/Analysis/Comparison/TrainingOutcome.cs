using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>How a round's training ended.</summary>
/// <param name="Outcome">Promoted, rolled back, failed, or untrained.</param>
/// <param name="Causes">Rolled back: each bound that was exceeded, in the order of the gate. Failed: the error. Untrained: why.</param>
/// <param name="Reasons">The same with the figures, as the journal has them.</param>
public sealed record TrainingOutcome(int Round, RoundOutcome Outcome, ImmutableArray<string> Causes, ImmutableArray<string> Reasons)
{
    /// <summary>The result that an event of the Trainer tells, or null where it tells none.</summary>
    public static TrainingOutcome? Of(TrainerEvent happened, GateBounds bounds) =>
        happened switch
        {
            Promoted p => new(p.Round, RoundOutcome.Promoted, [], []),
            RolledBack r => new(r.Round, RoundOutcome.RolledBack, Exceeded(bounds, r.Figures), r.Reasons),
            Failed f => new(f.Round, RoundOutcome.Failed, [f.Error], [f.Error]),
            Skipped s => new(s.Round, RoundOutcome.Untrained, [s.Why], [s.Why]),
            _ => null,
        };

    // The gate itself is asked, one bound at a time: its sentences carry figures and cannot be counted.
    private static ImmutableArray<string> Exceeded(GateBounds bounds, GateFigures figures)
    {
        var none = new GateBounds(null, null, null, null);
        (string Cause, GateBounds Alone)[] each =
        [
            ("held-out cross-entropy rose too far", none with { HeldOutRise = bounds.HeldOutRise }),
            ("bare drift was too great", none with { Drift = bounds.Drift }),
            ("cross-entropy on the corpus rose too far", none with { AnchorRise = bounds.AnchorRise }),
            ("the model repeated itself too much", none with { Repeats = bounds.Repeats }),
        ];
        return [.. each.Where(e => !Gate.Objections(e.Alone, figures).IsEmpty).Select(e => e.Cause)];
    }
}
