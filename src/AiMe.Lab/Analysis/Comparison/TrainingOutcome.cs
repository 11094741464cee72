using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>The outcome of a round's training.</summary>
/// <param name="Outcome">Promoted, rolled back, failed, or untrained.</param>
/// <param name="Causes">
/// Rolled back: the exceeded bounds, in the order of the gate. Failed: the error. Untrained: why.
/// </param>
/// <param name="Reasons">The same with figures, as recorded in the journal.</param>
public sealed record TrainingOutcome(int Round, RoundOutcome Outcome, ImmutableArray<string> Causes, ImmutableArray<string> Reasons)
{
    /// <summary>The outcome in an event of the Trainer, or null if it has none.</summary>
    public static TrainingOutcome? Of(TrainerEvent happened, GateBounds bounds) =>
        happened switch
        {
            Promoted p => new(p.Round, RoundOutcome.Promoted, [], []),
            RolledBack r => new(r.Round, RoundOutcome.RolledBack, Exceeded(bounds, r.Figures), r.Reasons),
            Failed f => new(f.Round, RoundOutcome.Failed, [f.Error], [f.Error]),
            Skipped s => new(s.Round, RoundOutcome.Untrained, [s.Why], [s.Why]),
            _ => null,
        };

    // Applies the gate with one bound at a time: its own sentences contain figures and cannot be counted.
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
