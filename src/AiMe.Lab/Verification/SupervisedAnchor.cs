using AiMe.EventSourcing;

namespace AiMe.Lab.Verification;

/// <summary>The heads of a life as the supervisor's stream has them.</summary>
/// <param name="Stream">The supervisor's.</param>
internal sealed record SupervisedAnchor(PersistenceId Stream, long Ordering, long SequenceNumber, string Manifest, Heads Heads)
{
    /// <summary>Where it stands, for people.</summary>
    public string At => $"{Manifest} at {Stream} {SequenceNumber} (ordering {Ordering})";
}

/// <summary>A fork's claim on its parent: that they share the events up to an index, and the heads there.</summary>
internal sealed record SharedPast(string Child, string Parent, long Index, Heads Heads);
