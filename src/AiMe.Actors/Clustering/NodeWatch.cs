using AiMe.Journal;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace AiMe.Actors.Clustering;

/// <summary>Watches the membership of the cluster.</summary>
/// <remarks>
/// After a change of membership it asks the supervisor to resend messages that may have been lost. It ends this node if
/// an older node writes another version of the messages. It warns if work waits for a role that no node has.
/// </remarks>
internal sealed class NodeWatch : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3),
        LookEvery = TimeSpan.FromSeconds(1);
    private const int WarnAfter = 5; // consecutive checks

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HostLifecycle _lifecycle;
    private readonly RemoteEffects? _remote;
    private readonly bool _isMind;
    private int _alone;

    /// <param name="remote">Runs this node's model work on other nodes; null if this node does its own.</param>
    public NodeWatch(HostLifecycle lifecycle, RemoteEffects? remote, bool isMind) =>
        (_lifecycle, _remote, _isMind) = (lifecycle, remote, isMind);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer(CheckMembers.Instance, CheckMembers.Instance, LookEvery);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.IMemberEvent change:
                Compare(change.Member);
                // shards are moving to other nodes: wait until that has settled
                Timers.StartSingleTimer(MembershipSettled.Instance, MembershipSettled.Instance, Settling);
                break;
            case MembershipSettled:
                Context.System.EventStream.Publish(ResendAll.Instance);
                break;
            case CheckMembers:
                WarnIfAlone();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Compare(Member member)
    {
        if (
            member.HasRole(WireSerializer.Role)
            || member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)
            || !member.IsOlderThan(_cluster.SelfMember)
        )
            return;
        _lifecycle.Fail(
            new JournalException(
                $"The node at {member.Address} has the roles {string.Join(", ", member.Roles)}; it therefore uses another "
                    + $"version of the messages between nodes than this build ({WireSerializer.Role}). Stop the run on all nodes "
                    + "(no data is lost), and start the same build on each."
            )
        );
    }

    private void WarnIfAlone()
    {
        var missing =
            _remote?.IsWaiting == true && !HasNodeWith(NodeOptions.Model) ? NodeOptions.Model
            : !_isMind && !HasNodeWith(NodeOptions.Mind) ? NodeOptions.Mind
            : null;
        _alone = missing is null || _lifecycle.IsStopping ? 0 : _alone + 1;
        if (_alone == WarnAfter)
            _log.Warning("Work is waiting: no node with the role {0} is reachable. Start one with --role {0}.", missing);
    }

    private bool HasNodeWith(string role) =>
        _cluster.State.Members.Any(m => m.HasRole(role) && m.Status == MemberStatus.Up && !_cluster.State.Unreachable.Contains(m));

    private sealed record CheckMembers : INoSerializationVerificationNeeded
    {
        public static readonly CheckMembers Instance = new();
    }

    private sealed record MembershipSettled : INoSerializationVerificationNeeded
    {
        public static readonly MembershipSettled Instance = new();
    }
}
