using Akka.Actor;

namespace AiMe.Actors;

/// <summary>Carries commands between the instances, their faculties and the supervisor.</summary>
internal interface IMessageTransport
{
    /// <summary>
    /// Whether a command between two faculties of one instance goes this way too, instead of into the instance's own
    /// queue.
    /// </summary>
    bool CarriesWithinInstance { get; }

    /// <summary>Sends a command; it arrives at least once.</summary>
    /// <param name="from">The sending instance, or the supervisor's name.</param>
    void Send(string from, CommandEnvelope envelope, IActorRef to);
}

/// <summary>Akka's own delivery.</summary>
internal sealed class DirectTransport : IMessageTransport
{
    public static readonly DirectTransport Instance = new();

    public bool CarriesWithinInstance => false;

    public void Send(string from, CommandEnvelope envelope, IActorRef to) => to.Tell(envelope);
}
