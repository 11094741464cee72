using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace AiMe.Akka;

/// <summary>Of a node on which no life can be: says so once nobody is there for whom it could work.</summary>
internal sealed class MindWatch : ReceiveActor, IWithTimers
{
    private const int SaysSoAfter = 5; // looks, of a second each

    private int _alone;

    public MindWatch(Node node)
    {
        Receive<Look>(_ =>
        {
            _alone = node.IsStopping || IsThere(Cluster.Get(Context.System).State) ? 0 : _alone + 1;
            if (_alone == SaysSoAfter)
                node.Log.Warning("no model work comes: there is no node with the role {0} that can be reached; start one with --role {0}", NodeOptions.Mind);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("look", Look.Instance, TimeSpan.FromSeconds(1));

    private static bool IsThere(ClusterEvent.CurrentClusterState state) => state.Members.Any(m => m.HasRole(NodeOptions.Mind) && m.Status == MemberStatus.Up && !state.Unreachable.Contains(m));

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}
