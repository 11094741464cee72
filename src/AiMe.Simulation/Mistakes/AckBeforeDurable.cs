using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Mistakes;

/// <summary>The store says that an append is durable as soon as it has taken it.</summary>
public sealed record AckBeforeDurable() : Mistake("ack-before-durable", "an append is acknowledged before it is durable", "acknowledged")
{
    internal override SimulatedParts Plant(SimulatedParts parts) =>
        parts with
        {
            Journal = new OtherJournal(parts.Journal, append: _ => Task.CompletedTask),
        };
}
