using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Cluster;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>A node whose port is known once it is open.</summary>
internal sealed class OpenedNode(EventStore store, NodeOptions node, ActorSystemSettings settings, bool akkaSql = false) : IRuntimeFactory
{
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool ClaimsByItself => true;

    public Task<int> PortAsync() => _port.Task.WaitAsync(Systems.Patience);

    public async Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer)
    {
        var opened = (ClusterNode)
            await new ClusterHosting(node, store, TimeProvider.System) { Settings = settings, AkkaSqlJournal = akkaSql }.OpenAsync(
                options,
                effects,
                observer
            );
        _port.SetResult(Cluster.Get(opened.System).SelfAddress.Port!.Value);
        return opened;
    }
}
