using AiMe.Actors;
using AiMe.EventSourcing;
using Akka.Actor;

namespace AiMe.Simulation.Machine;

/// <summary>
/// Carries messages with delays, duplicates and reordering. With lossy faults, messages between the supervisor and the
/// instances are lost, and the supervisor resends them.
/// </summary>
internal sealed class SimulatedTransport(SimulatedMachine machine, SimulatedThread thread) : IMessageTransport
{
    /// <summary>
    /// The parent of all instances. Messages within an instance are sent through it too, because the instance may have
    /// left memory when they arrive.
    /// </summary>
    public IActorRef Instances { get; set; } = ActorRefs.Nobody;

    /// <summary>Name of the sender of messages from outside.</summary>
    public const string Outside = "outside";

    /// <summary>Whether the process is gone; then no message is carried.</summary>
    public bool IsGone { get; set; }

    /// <inheritdoc />
    public bool CarriesWithinInstance => true;

    /// <summary>Delivers a message once or more often, each copy at its own time.</summary>
    public void Send(string from, CommandEnvelope envelope, IActorRef to)
    {
        if (IsGone)
            return;
        var copies = machine.Dice.Chance(machine.Faults.Duplicate) ? machine.Faults.Copies : 1;
        machine.Schedule?.Note(
            $"{from} -> {NameOf(envelope.To)}",
            copies switch
            {
                1 => machine.Describe(envelope.Command),
                2 => $"! {machine.Describe(envelope.Command)}, duplicated",
                _ => $"! {machine.Describe(envelope.Command)}, {copies} times",
            }
        );
        for (var copy = 1; copy <= copies; copy++)
        {
            if (IsBetweenNodes(from, envelope) && machine.Dice.Chance(machine.Faults.Lost))
            {
                machine.Schedule?.Note(NameOf(envelope.To), $"! loses {machine.Describe(envelope.Command)}");
                continue;
            }

            if (machine.Delay() is { } delay)
                machine.Clock.After(delay, awaited: true, () => Deliver(envelope, to));
            else
                thread.Add(() => Deliver(envelope, to));
        }
    }

    // The inbox keeps messages from outside until they are received.
    private static bool IsBetweenNodes(string from, CommandEnvelope envelope) =>
        from != Outside && (from == FacultyAddress.Run) != (envelope.To.Instance == FacultyAddress.Run);

    private void Deliver(CommandEnvelope envelope, IActorRef to)
    {
        machine.Order.Add(envelope.To.Instance);
        machine.Order.Add(envelope.Command.GetType().Name);
        machine.Schedule?.Note(NameOf(envelope.To), $"receives {machine.Describe(envelope.Command)}");
        (envelope.To.Instance == FacultyAddress.Run ? to : Instances).Tell(envelope);
    }

    private static string NameOf(FacultyAddress at) => at == FacultyAddress.Supervisor ? at.Instance : at.ToString();
}
