using Akka.Actor;
using Akka.Hosting;
using AiMe.Actors.Persistence;
using AiMe.Journal;
using AiMe.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using HostOptions = AiMe.Kernel.HostOptions;
using Address = AiMe.Kernel.Address;

namespace AiMe.Actors.Hosting;

/// <summary>Hosts runs in actor systems of their own: each a plain one.</summary>
public sealed class ActorHosting(IJournal journal, ISnapshots? snapshots, TimeProvider time, Action<ILoggingBuilder>? logging = null) : IHosting
{
    /// <summary>The name of the actor system, which the addresses of a cluster share.</summary>
    public const string System = "aime";

    /// <inheritdoc />
    public bool ClaimsByItself => false;

    /// <inheritdoc />
    public async Task<IRuntime> OpenAsync(HostOptions options, IEffects effects, IRuntimeObserver observer)
    {
        var instances = new InstanceHost(options, journal, snapshots, effects, observer, time);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        logging?.Invoke(builder.Logging);
        builder.Services.AddAkka(System, akka => akka.WithInstances(instances));
        var host = builder.Build();
        await host.StartAsync();
        return new HostedInstances(host, instances);
    }
}

/// <summary>The instances of a run, with an actor system of their own that ends with them.</summary>
internal sealed class HostedInstances(IHost host, InstanceHost instances) : IRuntime
{
    private bool _closed;

    /// <summary>For tests of its settings.</summary>
    internal ActorSystem System { get; } = host.Services.GetRequiredService<ActorSystem>();

    public Task Failure => instances.Failure;

    public bool IsIdle => instances.IsIdle;

    public IRates Rates => instances.Rates;

    public ValueTask TellAsync(Address to, Command command) => instances.TellAsync(to, command);

    public Task CalmAsync(CancellationToken now) => instances.CalmAsync(now);

    public async Task StopAsync(CancellationToken now)
    {
        if (_closed)
            return;
        await instances.StopAsync(now);
        await CloseAsync();
    }

    public ValueTask DisposeAsync() => new(StopAsync(new CancellationToken(canceled: true)));

    private async Task CloseAsync()
    {
        _closed = true;
        await host.StopAsync();
        host.Dispose();
    }
}
