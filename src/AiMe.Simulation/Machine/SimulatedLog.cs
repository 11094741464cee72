using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Address = Akka.Actor.Address;

namespace AiMe.Simulation.Machine;

/// <summary>Hears at once what Akka would log as an error, and of messages that nobody understood.</summary>
[SuppressMessage(
    "Design",
    "MA0097:A class that implements IComparable<T> or IComparable should override comparison operators",
    Justification = "Akka's references compare themselves; nobody compares this one."
)]
internal sealed class SimulatedLog : MinimalActorRef
{
    private static readonly ActorPath s_path = new RootActorPath(Address.AllSystems) / "simulated-log";

    /// <summary>Told where it was, and the exception; null while nobody listens.</summary>
    public Action<string, Exception>? Heard { get; set; }

    public override ActorPath Path => s_path;

    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody asks a log for its provider.");

    /// <summary>Listens to an actor system.</summary>
    public void ListenTo(ActorSystem system)
    {
        system.EventStream.Subscribe(this, typeof(Error));
        system.EventStream.Subscribe(this, typeof(UnhandledMessage));
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case Error error:
                Heard?.Invoke(error.LogSource, error.Cause ?? new InvalidOperationException(error.ToString()));
                break;
            case UnhandledMessage unhandled:
                Heard?.Invoke(
                    unhandled.Recipient.Path.ToStringWithoutAddress(),
                    new InvalidOperationException($"nobody understands {unhandled.Message.GetType().Name}")
                );
                break;
        }
    }
}
