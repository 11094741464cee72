using Akka.Cluster.Sharding;

namespace AiMe.Actors.Hosting;

/// <summary>
/// Maps a message to its instance, and an instance to its shard. All nodes of a cluster must agree on this mapping.
/// </summary>
internal sealed class InstanceExtractor() : HashCodeMessageExtractor(Shards)
{
    /// <summary>Number of shards of a run: ten for each node of a cluster of twelve.</summary>
    public const int Shards = 120;

    /// <inheritdoc />
    public override string? EntityId(object message) => message is CommandEnvelope envelope ? envelope.To.Instance : null;
}
