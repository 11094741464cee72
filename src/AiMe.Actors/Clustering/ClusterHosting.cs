using System.Collections.Immutable;
using AiMe.Actors.Hosting;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using Akka;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AiMe.Actors.Clustering;

/// <summary>Hosts runs on nodes of an Akka.NET cluster, all on one journal.</summary>
public sealed class ClusterHosting(NodeOptions node, EventStore store, TimeProvider time) : IRuntimeFactory
{
    /// <inheritdoc />
    public bool ClaimsByItself => true;

    /// <summary>The user's additions to the actor system.</summary>
    public ActorSystemSettings Settings { get; init; } = new();

    /// <summary>Whether Akka.Persistence.Sql writes the events instead of AiMe's own plugin.</summary>
    public bool AkkaSqlJournal { get; init; }

    /// <inheritdoc />
    /// <remarks>Returns before the node has joined its cluster; commands that arrive earlier are queued.</remarks>
    /// <exception cref="JournalException">
    /// The node cannot start: a setting is wrong, or its port or the port of its health endpoint is taken.
    /// </exception>
    public async Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        var instances = new InstanceHost(options, store.Journal, store.Snapshots, effects, observer, time)
        {
            JournalPluginId = AkkaSqlJournal ? AkkaSql.Id : JournalPlugin.Id,
        };
        var leases = new OwnerLeases(
            store.Ownership,
            OwnerInfo.Here(options.Writer),
            options.Run,
            options.Instances,
            new InstanceExtractor(),
            time
        );
        var host = await Settings.StartAsync(
            akka =>
            {
                akka.WithClusteredInstances(instances, node, FacultyMessages.All, leases);
                if (AkkaSqlJournal)
                    akka.WithAkkaSql(store.Address);
            },
            services =>
                services
                    .AddHealthChecks()
                    .AddAsyncCheck("journal", cancellationToken => JournalAnswersAsync(options, cancellationToken), [HealthEndpoint.Ready])
        );
        try
        {
            return new ClusterNode(
                host,
                instances,
                leases,
                time,
                node.Health is var (at, port) ? HealthEndpoint.Open(at, port, host.Services.GetRequiredService<HealthCheckService>()) : null
            );
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            await host.StopAsync();
            host.Dispose();
            throw new JournalException(
                $"The health endpoint could not be opened at {node.Health?.Host}:{node.Health?.Port}: {e.Message}",
                e
            );
        }
    }

    private async Task<HealthCheckResult> JournalAnswersAsync(HostSettings options, CancellationToken cancellationToken)
    {
        await store.Journal.HighestSequenceNumberAsync(options.StreamOf(FacultyAddress.Supervisor), cancellationToken);
        return HealthCheckResult.Healthy();
    }
}

/// <summary>A running node.</summary>
internal sealed class ClusterNode : IRuntime
{
    private static readonly TimeSpan HearingTakes = TimeSpan.FromMilliseconds(100);

    private readonly IHost _host;
    private readonly InstanceHost _instances;
    private readonly OwnerLeases _leases;
    private readonly TimeProvider _time;
    private readonly HttpEndpoint? _health;
    private readonly CancellationTokenSource _over = new();
    private bool _closed;

    public ClusterNode(IHost host, InstanceHost instances, OwnerLeases leases, TimeProvider time, HttpEndpoint? health)
    {
        (_host, _instances, _leases, _time, _health) = (host, instances, leases, time, health);
        System = host.Services.GetRequiredService<ActorSystem>();
        Failure = Task.WhenAny(instances.Failure, leases.BeatAsync(_over.Token), EndedAsync()).Unwrap();
    }

    /// <summary>Tests read its settings.</summary>
    internal ActorSystem System { get; }

    public Task Failure { get; }

    /// <summary>Always false: a node cannot know whether other nodes still work.</summary>
    public bool IsIdle => false;

    public IRates Rates => _instances.Rates;

    public ValueTask TellAsync(FacultyAddress to, Command command) => _instances.TellAsync(to, command);

    public Task CalmAsync(CancellationToken now) => _instances.CalmAsync(now);

    public async Task StopAsync(CancellationToken now)
    {
        if (_closed)
            return;
        await _instances.StopAsync(now);
        await CloseAsync();
    }

    public async Task EndAsync(CancellationToken now)
    {
        if (_closed)
            return;
        await _instances.StopAsync(now);
        ForgoHandOver();
        await CloseAsync(CoordinatedShutdown.PhaseClusterLeave); // the shards are handed over to nobody either
    }

    public ValueTask DisposeAsync() => new(StopAsync(new CancellationToken(canceled: true)));

    // The node leaves its cluster: its instances finish their writes, then other nodes may take them over.
    private async Task CloseAsync(string? fromPhase = null)
    {
        _closed = true;
        _health?.Dispose();
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance, fromPhase);
        await _over.CancelAsync(); // not earlier: while instances may still write, the heartbeats must continue
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _leases.ReleaseAllAsync();
        _over.Dispose();
    }

    // The manager of a singleton that leaves looks for a successor. If the next oldest node ends too, it does so for as
    // long as the margin of the split-brain resolver. Now nobody needs a successor: the supervisor finishes its write and
    // stops, and the managers stop once they have heard that this node leaves.
    private void ForgoHandOver()
    {
        System.ActorSelection(ClusterPlacement.SupervisorPath).Tell(FinishAndStop.Instance);
        CoordinatedShutdown
            .Get(System)
            .AddTask(CoordinatedShutdown.PhaseClusterExiting, "run-ended", async () =>
            {
                // Other tasks of this phase tell the managers that the node leaves, and wait for their answers.
                await Task.Delay(HearingTakes, _time, CancellationToken.None);
                foreach (var managers in ClusterPlacement.ManagerPaths)
                    System.ActorSelection(managers).Tell(PoisonPill.Instance);
                return Done.Instance;
            });
    }

    // The cluster may down this node, for example after a partition that left it in the smaller part.
    private async Task EndedAsync()
    {
        await System.WhenTerminated;
        if (!_instances.Lifecycle.IsStopping)
            throw new JournalException(
                "The cluster has shut this node out: the node was unreachable for too long, or a partition left it in the "
                    + "part without the lease. All durable events are kept. Start the node again: it continues with the "
                    + "other nodes."
            );
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
