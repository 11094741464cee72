using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Supervisor;

/// <summary>How a fork stands where it branches off, as far as the Supervisor must know to give it its turns.</summary>
/// <param name="Rests">Whether it rests until something is given to it; else it lives on by the plan.</param>
/// <param name="Beside">Cycles that went to what was given beside the plan, the open one among them, ascending.</param>
/// <param name="Inputs">How many inputs the copied life has met; the next one is numbered behind them.</param>
/// <param name="Open">What was given beside the plan and is not yet lived through, or null.</param>
/// <param name="Revived">Whether its parent had given up there, so that it is to try again.</param>
/// <param name="Revivals">How often it was to try again, this time among them.</param>
public sealed record ForkStatus(bool Rests, ImmutableArray<int> Beside, int Inputs, Arrived? Open, bool Revived, int Revivals)
{
    /// <summary>How a fork stands at a point of its parent's life.</summary>
    /// <param name="name">Of the fork.</param>
    /// <param name="order">The order in which its block meets the stimuli.</param>
    /// <param name="past">What the fork has lived, its own beginning among it, in order.</param>
    public static ForkStatus Of(string name, bool rests, RunPlan plan, ImmutableArray<int> order, IEnumerable<Event> past)
    {
        var (point, planned, inputs, beside, open) = (InstancePosition.Start, 0, 0, ImmutableArray.CreateBuilder<int>(), (Input?)null);
        foreach (var happened in past)
        {
            point = point.Next(happened);
            switch (happened)
            {
                case Heard h when IsPlanned(h.Stimulus, plan, order, planned + 1):
                    (planned, open) = (planned + 1, null);
                    break;
                case Heard { Stimulus: var s } h:
                    beside.Add(h.Cycle);
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(s.Id)), new Input.Said(s.Text, s.Topic, s.Check));
                    break;
                case ExperienceGiven g when open is Input.Said s:
                    open = new Input.Told(s.Text, s.Topic, g.Given, At: null);
                    break;
                case RoundCalled r:
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(r.Id)), new Input.RoundEnd());
                    break;
                case ModelCalled m:
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(m.Id)), new Input.Appointment(m.Model, m.By, m.Why));
                    break;
            }
        }

        var self = point.Self;
        var hand =
            point.IsBoundary || open is null ? null : new Arrived($"{name}/{self.Heard}", open, Arrived.OrdinalOf(self.Heard), self.Cycle);
        // Where it gave up on what was given beside the plan, that is taken back; all else is tried again.
        var revived = self.Phase is SelfPhase.GivenUp gaveUp && !(gaveUp.Was is SelfPhase.Speaking && hand is not null);
        return new ForkStatus(rests, beside.ToImmutable(), inputs, hand, revived, self.Revival + (revived ? 1 : 0));
    }

    // A drive is always of the plan; what people say bears another id.
    private static bool IsPlanned(Stimulus heard, RunPlan plan, ImmutableArray<int> order, int cycle) =>
        heard.Internal || cycle <= plan.Cycles && plan.ExternalAt(cycle) is { } i && heard == plan.Stimuli[order[i]];
}
