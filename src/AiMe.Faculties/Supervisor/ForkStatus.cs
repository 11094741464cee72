using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Supervisor;

/// <summary>A fork's position at its first own event, as far as the Supervisor needs it.</summary>
/// <param name="Rests">Whether the fork only runs on inputs; else it continues the plan.</param>
/// <param name="Unplanned">Cycles of unplanned inputs, the open one included, ascending.</param>
/// <param name="Inputs">Number of inputs in the copied history; the next one is numbered after them.</param>
/// <param name="Open">The open input, or null.</param>
/// <param name="Revived">Whether its parent had given up there, so that the fork is to retry.</param>
/// <param name="Revivals">Number of retries, including this one.</param>
/// <param name="Stored">
/// The last stored experience, if it is later than the last closed cycle and its round waits for people; else null, and then not
/// written.
/// </param>
/// <param name="Changes">Number of scheduled changes in the copied history; not written if 0.</param>
/// <param name="AdvancedAt">The cycle at which its last generation was reached; not written if 0.</param>
public sealed record ForkStatus(
    bool Rests,
    [property: JsonPropertyName("beside")] ImmutableArray<int> Unplanned,
    int Inputs,
    Arrived? Open,
    bool Revived,
    int Revivals,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Stored = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Changes = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int AdvancedAt = 0
)
{
    /// <summary>A fork's position at a point in its parent's history.</summary>
    /// <param name="name">Name of the fork.</param>
    /// <param name="order">The order of stimuli in its block.</param>
    /// <param name="past">The fork's events in order, including its own first ones.</param>
    public static ForkStatus Of(string name, bool rests, RunPlan plan, ImmutableArray<int> order, IEnumerable<Event> past)
    {
        var (point, planned, inputs, unplanned, open) = (InstancePosition.Start, 0, 0, ImmutableArray.CreateBuilder<int>(), (Input?)null);
        var (changes, advanced) = (0, 0);
        foreach (var happened in past)
        {
            point = point.Next(happened);
            changes += happened is PolicyCalled or ModelCalled { Planned: true } ? 1 : 0;
            advanced = happened is Probed ? point.Self.Cycle : advanced;
            switch (happened)
            {
                case Heard h when IsPlanned(h.Stimulus, plan, point.Self.Spec!.Variant, order, planned + 1):
                    (planned, open) = (planned + 1, null);
                    break;
                case Heard { Stimulus: var s } h:
                    unplanned.Add(h.Cycle);
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(s.Id)), new Input.Said(s.Text, s.Topic, s.Check));
                    break;
                case ExperienceGiven g when open is Input.Said s:
                    open = new Input.Told(s.Text, s.Topic, g.Given, At: null);
                    break;
                case RoundCalled r:
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(r.Id)), new Input.RoundEnd());
                    break;
                case ModelCalled m:
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(m.Id)), new Input.Appointment(m.Model, m.By, m.Why, m.Planned));
                    break;
                case PolicyCalled p:
                    (inputs, open) = (Math.Max(inputs, Arrived.OrdinalOf(p.Id)), new Input.PolicyChange(p.Policy));
                    break;
            }
        }

        var self = point.Self;
        var hand =
            point.IsBoundary || open is null
                ? null
                : new Arrived($"{name}/{self.CurrentInput}", open, Arrived.OrdinalOf(self.CurrentInput), self.Cycle);
        // If the parent gave up on an input, the input is withdrawn; everything else is retried.
        var revived = self.Phase is SelfPhase.GivenUp gaveUp && !(gaveUp.Was is SelfPhase.Answering && hand is not null);
        int? stored = point.Memory.AwaitingReview is not null && point.Memory.Cycle > point.Cycle ? point.Memory.Cycle : null;
        return new ForkStatus(
            rests,
            unplanned.ToImmutable(),
            inputs,
            hand,
            revived,
            self.Revival + (revived ? 1 : 0),
            stored,
            changes,
            advanced
        );
    }

    // A drive always belongs to the plan; inputs have other ids.
    private static bool IsPlanned(Stimulus stimulus, RunPlan plan, string variant, ImmutableArray<int> order, int cycle) =>
        stimulus.Internal || cycle <= plan.Cycles && stimulus == plan.StimulusAt(variant, order, cycle);
}
