using System.Globalization;
using Akka.Actor;
using Akka.Cluster;

namespace AiMe.Akka;

/// <summary>Looks out for the nodes that do model work, and tells the asker which of them can be asked: members that are up and can be reached.</summary>
internal sealed class Lookout : ReceiveActor
{
    private readonly HashSet<UniqueAddress> _up = [], _unreachable = [];
    private readonly IActorRef _asker;
    private readonly string _place;

    /// <param name="place">The name of the actor that is to be asked on each.</param>
    public Lookout(IActorRef asker, string place)
    {
        (_asker, _place) = (asker, place);
        Receive<ClusterEvent.IMemberEvent>(changed => See(changed.Member, () =>
        {
            if (changed.Member.Status is MemberStatus.Up)
                _up.Add(changed.Member.UniqueAddress);
            else
                _up.Remove(changed.Member.UniqueAddress);
            if (changed.Member.Status is MemberStatus.Removed)
                _unreachable.Remove(changed.Member.UniqueAddress);
        }));
        Receive<ClusterEvent.UnreachableMember>(lost => See(lost.Member, () => _unreachable.Add(lost.Member.UniqueAddress)));
        Receive<ClusterEvent.ReachableMember>(found => See(found.Member, () => _unreachable.Remove(found.Member.UniqueAddress)));
    }

    /// <summary>What a node is called: a process that begins anew at the same address is another node.</summary>
    public static string NameOf(UniqueAddress node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return string.Create(CultureInfo.InvariantCulture, $"{node.Address} {node.Uid}");
    }

    /// <inheritdoc />
    protected override void PreStart() =>
        Cluster.Get(Context.System).Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    /// <inheritdoc />
    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);

    private void See(Member member, Action change)
    {
        if (!member.HasRole(NodeOptions.Model))
            return;
        var node = member.UniqueAddress;
        var before = CanBeAsked(node);
        change();
        if (CanBeAsked(node) == before)
            return;
        _asker.Tell(before ? new NodeGone(NameOf(node)) : new NodeThere(NameOf(node), Context.ActorSelection(new RootActorPath(node.Address) / "user" / _place)));
    }

    private bool CanBeAsked(UniqueAddress node) => _up.Contains(node) && !_unreachable.Contains(node);
}
