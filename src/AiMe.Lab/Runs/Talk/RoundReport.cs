using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Talk;

/// <summary>The result of a round's end.</summary>
/// <param name="Kept">Experiences of the round that were kept.</param>
/// <param name="Training">Null if nothing was trained.</param>
/// <param name="Gate">The figures that the gate compared; null if no candidate was measured.</param>
/// <param name="Reasons">The gate's objections, the bounds that it could not check, or why nothing was trained.</param>
/// <param name="Model">The model that is used from now on.</param>
public sealed record RoundReport(
    int Round,
    int Kept,
    TrainingFigures? Training,
    GateFigures? Gate,
    RoundOutcome Outcome,
    ImmutableArray<string> Reasons,
    ModelId Model
)
{
    /// <summary>The last round that ended within some events of an instance, or null if none did.</summary>
    public static RoundReport? Last(IEnumerable<InstanceEvent> part)
    {
        RoundReport? last = null;
        var report = new RoundReport(0, 0, null, null, RoundOutcome.Untrained, [], default);
        foreach (var happened in part.Select(e => e.Happened))
        {
            report = happened switch
            {
                Sealed s => report with { Kept = s.Kept.Length },
                Skipped s => report with { Reasons = [s.Why] },
                Trained t => report with { Training = t.Figures },
                Failed f => report with { Reasons = [f.Error] },
                LostTrack l => report with { Reasons = [l.Why] },
                GateUnchecked u => report with { Reasons = u.Bounds },
                Promoted p => report with { Gate = p.Figures },
                RolledBack r => report with { Gate = r.Figures, Reasons = r.Reasons },
                Heard => report with { Kept = 0, Training = null, Gate = null, Reasons = [] },
                _ => report,
            };
            if (happened is Adopted { Generation: > 0 } adopted)
                last = report with { Round = adopted.Generation, Outcome = adopted.Outcome, Model = adopted.Model };
        }

        return last;
    }
}
