using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Mistakes;

/// <summary>The store acknowledges an append as soon as it has accepted it.</summary>
public sealed record AckBeforeDurable() : Mistake("ack-before-durable", "an append is acknowledged before it is durable", "acknowledged")
{
    internal override SimulatedParts Plant(SimulatedParts parts) =>
        parts with
        {
            Journal = new OtherJournal(parts.Journal, append: _ => Task.CompletedTask),
        };
}
