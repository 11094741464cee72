using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>A cluster of one node does what every host must.</summary>
public sealed class ClusterHostTests() : Hosts.HostConformance(isSlow: true)
{
    private protected override IRuntimeFactory HostingOf(EventStore store) =>
        new ClusterHosting(NodeOptions.Alone, store, TimeProvider.System) { Settings = Nodes.Soon };
}

/// <summary>Nodes of tests.</summary>
internal static class Nodes
{
    /// <summary>Nodes find each other sooner than those of a real cluster need to.</summary>
    public static ActorSystemSettings Soon { get; } = SoonAnd("");

    /// <summary>The same with more settings.</summary>
    public static ActorSystemSettings SoonAnd(string hocon) =>
        new ActorSystemSettings().With(
            $$"""
            akka.cluster {
              gossip-interval = 100 ms
              leader-actions-interval = 100 ms
              periodic-tasks-initial-delay = 100 ms
              seed-node-timeout = 500 ms
              retry-unsuccessful-join-after = 500 ms
              singleton-proxy.singleton-identification-interval = 200 ms
              sharding.retry-interval = 200 ms
            }
            # A singleton that waits for its lease does not hand over.
            akka.coordinated-shutdown.phases.cluster-exiting.timeout = 3 s
            {{hocon}}
            """
        );
}
