using Akka.Cluster.Sharding;

namespace AiMe.Actors.Hosting;

/// <summary>
/// Says for which instance a message is, and in which shard that instance is. Part of what the nodes of a cluster must
/// agree on.
/// </summary>
internal sealed class InstanceExtractor() : HashCodeMessageExtractor(Shards)
{
    /// <summary>Shards of a run, ten for each node of a cluster of twelve.</summary>
    public const int Shards = 120;

    /// <inheritdoc />
    public override string? EntityId(object message) => message is CommandEnvelope envelope ? envelope.To.Instance : null;
}
