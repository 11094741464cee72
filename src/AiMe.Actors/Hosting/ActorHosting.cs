using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiMe.Actors.Hosting;

/// <summary>Hosts runs in this process, each in its own actor system without remoting.</summary>
/// <param name="journal">Stores the events.</param>
/// <param name="snapshots">Stores the snapshots; null for none.</param>
public sealed class ActorHosting(IJournal journal, ISnapshots? snapshots, TimeProvider time) : IRuntimeFactory
{
    /// <summary>Name of the actor system; all addresses of a cluster share it.</summary>
    public const string System = "aime";

    /// <inheritdoc />
    public bool ClaimsByItself => false;

    /// <summary>The user's additions to the actor system.</summary>
    public ActorSystemSettings Settings { get; init; } = new();

    /// <summary>The store that Akka.Persistence.Sql writes to; null for AiMe's own plugin.</summary>
    public StoreAddress? AkkaSqlStore { get; init; }

    /// <inheritdoc />
    public async Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer)
    {
        var instances = new InstanceHost(options, journal, snapshots, effects, observer, time)
        {
            JournalPluginId = AkkaSqlStore is null ? JournalPlugin.Id : AkkaSql.Id,
        };
        var host = await Settings.StartAsync(akka =>
        {
            InstanceHosting.WithInstances(akka, instances);
            if (AkkaSqlStore is { } store)
                akka.WithAkkaSql(store);
        });
        return new HostedInstances(host, instances);
    }
}

/// <summary>The instances of a run in their own actor system, which ends with them.</summary>
internal sealed class HostedInstances(IHost host, InstanceHost instances) : IRuntime
{
    private bool _closed;

    /// <summary>Tests read its settings.</summary>
    internal ActorSystem System { get; } = host.Services.GetRequiredService<ActorSystem>();

    /// <summary>Number of instances in memory.</summary>
    internal int Resident => instances.Lifecycle.Resident;

    public Task Failure => instances.Failure;

    public bool IsIdle => instances.IsIdle;

    public IRates Rates => instances.Rates;

    public ValueTask TellAsync(FacultyAddress to, Command command) => instances.TellAsync(to, command);

    public Task CalmAsync(CancellationToken now) => instances.CalmAsync(now);

    public async Task StopAsync(CancellationToken now)
    {
        if (_closed)
            return;
        await instances.StopAsync(now);
        _closed = true;
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    public ValueTask DisposeAsync() => new(StopAsync(new CancellationToken(canceled: true)));
}
