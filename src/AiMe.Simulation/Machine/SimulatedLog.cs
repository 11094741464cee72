using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Address = Akka.Actor.Address;

namespace AiMe.Simulation.Machine;

/// <summary>Receives Akka's error events and unhandled messages synchronously.</summary>
[SuppressMessage(
    "Design",
    "MA0097:A class that implements IComparable<T> or IComparable should override comparison operators",
    Justification = "Akka's references are comparable; this one is never compared."
)]
internal sealed class SimulatedLog : MinimalActorRef
{
    private static readonly ActorPath s_path = new RootActorPath(Address.AllSystems) / "simulated-log";

    /// <summary>Called with the source and the exception; null to ignore errors.</summary>
    public Action<string, Exception>? Failed { get; set; }

    public override ActorPath Path => s_path;

    public override IActorRefProvider Provider => throw new NotSupportedException("The simulated log has no provider.");

    /// <summary>Subscribes to an actor system's events.</summary>
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
                Failed?.Invoke(error.LogSource, error.Cause ?? new InvalidOperationException(error.ToString()));
                break;
            case UnhandledMessage unhandled:
                Failed?.Invoke(
                    unhandled.Recipient.Path.ToStringWithoutAddress(),
                    new InvalidOperationException($"unhandled message {unhandled.Message.GetType().Name}")
                );
                break;
        }
    }
}
