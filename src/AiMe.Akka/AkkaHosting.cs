using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AiMe.Journal;
using AiMe.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Address = AiMe.Kernel.Address;
using HostOptions = AiMe.Kernel.HostOptions;

namespace AiMe.Akka;

/// <summary>Hosts runs on Akka.NET: instances are shards of a cluster of one node or many, the supervisor is its singleton, all on one journal.</summary>
/// <param name="wire">What goes from node to node.</param>
/// <param name="log">For warnings and errors of Akka's own.</param>
public sealed class AkkaHosting(NodeOptions node, Store store, Wire wire, TextWriter log, TimeProvider time) : IHosting
{
    /// <inheritdoc />
    public bool ClaimsByItself => true;

    /// <inheritdoc />
    /// <remarks>It does not wait for the cluster: what is told meanwhile is kept.</remarks>
    /// <exception cref="JournalException">The node cannot be started: its port, or that of its health, is taken.</exception>
    public async Task<IRuntime> OpenAsync(HostOptions options, IEffects effects, IRuntimeObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        var shared = new Node(options, effects, observer, new Claims(store.Ownership, OwnerInfo.Here(options.Writer), time), time) { Elsewhere = node.IsModel ? null : new Asking(wire.Effects) };
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHealthChecks();
        builder.Services.AddAkka(NodeOptions.System, akka => Configure(akka, shared));
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            var system = host.Services.GetRequiredService<ActorSystem>();
            if (node.Seeds.IsEmpty)
                Cluster.Get(system).Join(Cluster.Get(system).SelfAddress);
            return new AkkaRuntime(host, system, shared, node.Health is var (at, port) ? HealthEndpoint.Open(at, port, host.Services.GetRequiredService<HealthCheckService>()) : null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await host.StopAsync();
            host.Dispose();
            throw new JournalException($"The Akka node could not be started at {node.HostName}:{node.Port}{(node.Health is var (at, port) ? $", with its health at {at}:{port}" : "")}: {e.Message}", e);
        }
    }

    private void Configure(AkkaConfigurationBuilder akka, Node shared)
    {
        // What is added later lies over what is there: AiMe's settings, those that follow from the options, and last those that a person gives.
        akka.AddHocon(ConfigurationFactory.FromResource<AkkaHosting>("AiMe.Akka.akka.conf"), HoconAddMode.Prepend);
        akka.AddSetup(new LogSetup(log));
        Journals.Add(akka, store.Address);
        akka.WithCustomSerializer("aime", JournalSerializer.Types, system => new JournalSerializer(system, shared.Options.Catalogue, wire))
            .WithRemoting(new RemoteOptions { HostName = node.HostName, Port = node.Port })
            .WithClustering(new ClusterOptions { Roles = [.. node.Roles], SeedNodes = node.SeedAddresses })
            .WithActorSystemLivenessCheck(tags: [HealthEndpoint.Live, HealthEndpoint.Ready])
            .WithAkkaClusterReadinessCheck(tags: [HealthEndpoint.Ready]);
        Place(akka, shared);
        akka.WithActors((system, registry) =>
        {
            (shared.Log, shared.Instances, shared.Supervisor) = (Logging.GetLogger(system, "aime"), registry.Get<LifeActor>(), registry.Get<Node>());
            shared.Rates = new ClusterRates(registry.Get<RatesActor>(), shared.Options.Rates);
            Connect(system, shared);
        });
        if (node.Hocon is { } hocon)
            akka.AddHocon(ConfigurationFactory.ParseString(hocon), HoconAddMode.Prepend);
    }

    // Lives are on nodes with the role mind alone; the others know where to find them.
    private void Place(AkkaConfigurationBuilder akka, Node shared)
    {
        if (!node.IsMind)
        {
            akka.WithShardRegionProxy<LifeActor>(Name(shared.Options.Run), NodeOptions.Mind, new InstanceOf())
                .WithSingletonProxy<Node>($"{Name(shared.Options.Run)}-supervisor", new ClusterSingletonOptions { Role = NodeOptions.Mind })
                .WithSingletonProxy<RatesActor>($"{Name(shared.Options.Run)}-rates", new ClusterSingletonOptions { Role = NodeOptions.Mind });
            return;
        }

        akka.WithShardRegion<LifeActor>(
                Name(shared.Options.Run), (_, _, _) => instance => Props.Create(() => new LifeActor(shared, instance)), new InstanceOf(),
                new ShardOptions { Role = NodeOptions.Mind, StateStoreMode = StateStoreMode.DData, RememberEntities = false, HandOffStopMessage = End.Instance, ShouldPassivateIdleEntities = false })
            .WithSingleton<Node>(
                $"{Name(shared.Options.Run)}-supervisor", (_, _, _) => Props.Create(() => new LifeActor(shared, Address.Run)),
                new ClusterSingletonOptions { Role = NodeOptions.Mind, TerminationMessage = End.Instance })
            .WithSingleton<RatesActor>(
                $"{Name(shared.Options.Run)}-rates", (_, _, _) => Props.Create(() => new RatesActor(time)),
                new ClusterSingletonOptions { Role = NodeOptions.Mind, TerminationMessage = End.Instance });
    }

    // A node with the role model answers; another asks.
    private void Connect(ActorSystem system, Node shared)
    {
        var place = Worker.PlaceOf(Name(shared.Options.Run));
        if (shared.Elsewhere is not { } asking)
        {
            var name = Lookout.NameOf(Cluster.Get(system).SelfUniqueAddress);
            system.ActorOf(Props.Create(() => new Worker(shared, name, wire.Answers)), place);
            if (!node.IsMind)
                system.ActorOf(Props.Create(() => new MindWatch(shared)), "mind-watch");
            return;
        }

        var asker = asking.Asker = system.ActorOf(Props.Create(() => new Asker(shared)), "asker");
        system.ActorOf(Props.Create(() => new Lookout(asker, place)), "lookout");
    }

    // Several runs of one store may be hosted by clusters of their own; an actor's name takes no slash.
    private static string Name(string run) => Uri.EscapeDataString(run);

    private sealed class InstanceOf() : HashCodeMessageExtractor(maxNumberOfShards: 120)
    {
        public override string? EntityId(object message) => message is Told told ? told.To.Instance : null;
    }
}
