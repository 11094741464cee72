using AiMe.EventSourcing;

namespace AiMe.Lab.Verification;

/// <summary>The heads of an instance in an event of the supervisor.</summary>
/// <param name="Stream">The supervisor's stream.</param>
internal sealed record SupervisedAnchor(PersistenceId Stream, long Ordering, long SequenceNumber, string Manifest, Heads Heads)
{
    /// <summary>Its place, for messages.</summary>
    public string At => $"{Manifest} at {Stream} {SequenceNumber} (ordering {Ordering})";
}

/// <summary>A fork's claim that it shares its parent's events up to an index, and the heads there.</summary>
internal sealed record SharedPast(string Child, string Parent, long Index, Heads Heads);
