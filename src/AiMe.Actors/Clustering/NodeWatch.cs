using AiMe.Journal;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace AiMe.Actors.Clustering;

/// <summary>
/// Watches the nodes of the cluster: has the supervisor tell again what may have been lost when one came or went, ends
/// this node where an older one writes another version of the messages, and says so when work waits for a role that no
/// node has.
/// </summary>
internal sealed class NodeWatch : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3),
        LookEvery = TimeSpan.FromSeconds(1);
    private const int WarnAfter = 5; // looks

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HostLifecycle _lifecycle;
    private readonly RemoteEffects? _remote;
    private readonly bool _isMind;
    private int _alone;

    /// <param name="remote">
    /// Through which this node has its model work done; null where it does the work itself.
    /// </param>
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
                // shards are on their way to other nodes
                Timers.StartSingleTimer(MembershipSettled.Instance, MembershipSettled.Instance, Settling);
                break;
            case MembershipSettled:
                Context.System.EventStream.Publish(RetellAll.Instance);
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
                $"The node at {member.Address} has the roles {string.Join(", ", member.Roles)}, and so writes another "
                    + $"version of the messages between nodes than this build ({WireSerializer.Role}). End the run on all nodes "
                    + "(nothing is lost), and start one build everywhere."
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
            _log.Warning("Work waits: no node with the role {0} can be reached. Start one with --role {0}.", missing);
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
