using Akka.Actor;

namespace AiMe.Actors;

/// <summary>Carries commands between the instances, their faculties and the supervisor.</summary>
internal interface IMessageTransport
{
    /// <summary>
    /// Whether commands between the faculties of one instance use this transport, instead of the instance's own queue.
    /// </summary>
    bool CarriesWithinInstance { get; }

    /// <summary>Sends a command, with at-least-once delivery.</summary>
    /// <param name="from">The sending instance, or the supervisor's name.</param>
    void Send(string from, CommandEnvelope envelope, IActorRef to);
}

/// <summary>Akka's direct delivery.</summary>
internal sealed class DirectTransport : IMessageTransport
{
    public static readonly DirectTransport Instance = new();

    public bool CarriesWithinInstance => false;

    public void Send(string from, CommandEnvelope envelope, IActorRef to) => to.Tell(envelope);
}
