using System.Globalization;
using System.Reflection;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace AiMe.Actors.Clustering;

/// <summary>Places a run in a cluster.</summary>
/// <remarks>
/// Instances are sharded over the nodes with the role mind. The supervisor and the rates are singletons on such nodes.
/// Model work is sharded over the nodes with the role model.
/// </remarks>
internal static class ClusterPlacement
{
    /// <summary>The supervisor, if its singleton is on this node.</summary>
    public const string SupervisorPath = $"/user/*{SupervisorName}/*";

    private const string SupervisorName = "-supervisor",
        RatesName = "-rates";

    private static readonly TimeSpan ResendEvery = TimeSpan.FromSeconds(3),
        LeaseRetry = TimeSpan.FromSeconds(1);

    /// <summary>The managers of singletons: the run's own, and those of the shards' coordinators.</summary>
    public static string[] ManagerPaths { get; } = [$"/user/*{SupervisorName}", $"/user/*{RatesName}", "/system/sharding/*Coordinator"];

    /// <summary>The name of the instances' shard region; it is part of the names of the region's leases.</summary>
    public static string ShardsOf(string run) => $"{Uri.EscapeDataString(run)}-instances";

    /// <summary>Adds a node of the cluster.</summary>
    public static AkkaConfigurationBuilder WithClusteredInstances(
        this AkkaConfigurationBuilder builder,
        InstanceHost host,
        NodeOptions node,
        Wire wire,
        OwnerLeases leases
    )
    {
        var run = Uri.EscapeDataString(host.Options.Run);
        builder
            .AddHocon(ConfigurationFactory.FromResource<InstanceHost>("AiMe.Actors.cluster.conf"), HoconAddMode.Prepend)
            .WithPersistence(host)
            .AddSetup(leases)
            .AddSetup(new WireSetup(wire))
            .WithCustomSerializer("aime-wire", WireSerializer.Types, system => new WireSerializer(system))
            .WithRemoting(new RemoteOptions { HostName = node.HostName, Port = node.Port })
            .WithClustering(new ClusterOptions { Roles = [.. node.Roles, WireSerializer.Role], AppVersion = AppVersion })
            .WithActorSystemLivenessCheck(tags: [HealthEndpoint.Live, HealthEndpoint.Ready])
            .WithAkkaClusterReadinessCheck(tags: [HealthEndpoint.Ready]);
        builder.WithActors((system, _) => Load(system, host));
        // The effects come first, because the actors below are created with them.
        InstanceServices? services = null;
        if (node.IsModel)
            builder.WithShardRegion<ModelWorkerActor>(
                $"{run}-models",
                (_, _, _) => _ => Props.CreateBy(new Producer<ModelWorkerActor>(() => new ModelWorkerActor(services!, wire.Answers))),
                new ModelWorkExtractor(),
                OfModels()
            );
        else
            builder.WithShardRegionProxy<ModelWorkerActor>($"{run}-models", NodeOptions.Model, new ModelWorkExtractor());
        builder.WithActors(
            (system, registry) =>
            {
                var local = InstanceHosting.Effects(system, host);
                var remote = node.IsModel
                    ? null
                    : new RemoteEffects(local, registry.Get<ModelWorkerActor>(), wire.Effects, host.Time, host.Lifecycle.Stopping);
                services = new InstanceServices(host.Options, remote ?? local, host.Observer, host.Time, host.Lifecycle)
                {
                    ResendEvery = ResendEvery,
                    InstancesMove = true,
                    JournalPluginId = host.JournalPluginId,
                    Spans = host.Spans,
                };
                system.ActorOf(
                    Props.CreateBy(new Producer<NodeWatch>(() => new NodeWatch(host.Lifecycle, remote, node.IsMind))),
                    "node-watch"
                );
            }
        );
        if (node.IsMind)
        {
            builder
                .WithShardRegion<InstanceActor>(
                    ShardsOf(host.Options.Run),
                    (_, registry, _) => InstanceHosting.PropsOf(services!, new RequiredActor<SupervisorActor>(registry)),
                    new InstanceExtractor(),
                    OfInstances()
                )
                .WithSingleton<SupervisorActor>(
                    $"{run}{SupervisorName}",
                    (_, registry, _) => InstanceHosting.PropsOf(services!, new RequiredActor<InstanceActor>(registry)),
                    Singleton(leased: true)
                )
                .WithSingleton<RatesActor>(
                    $"{run}{RatesName}",
                    (_, _, _) => Props.CreateBy(new Producer<RatesActor>(() => new RatesActor(host.Time))),
                    Singleton(leased: false)
                );
        }
        else
        {
            builder
                .WithShardRegionProxy<InstanceActor>(ShardsOf(host.Options.Run), NodeOptions.Mind, new InstanceExtractor())
                .WithSingletonProxy<SupervisorActor>($"{run}{SupervisorName}", Singleton(leased: false))
                .WithSingletonProxy<RatesActor>($"{run}{RatesName}", Singleton(leased: false));
        }

        builder.WithActors(
            (system, registry) =>
            {
                host.Place(
                    new InstanceHost.Placed(
                        registry.Get<InstanceActor>(),
                        registry.Get<SupervisorActor>(),
                        new ClusterRates(registry.Get<RatesActor>(), host.Options.Rates),
                        IsAlone: false
                    )
                );
                if (node.Pods is null)
                    Join(Akka.Cluster.Cluster.Get(system), node);
            }
        );
        return node.Pods is { } pods ? builder.WithPodBootstrap(node.HostName, pods) : builder;
    }

    // Creates now what Akka would create lazily, so that a wrong setting is reported when the system starts.
    private static void Load(ActorSystem system, InstanceHost host)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        _ = cluster.DowningProvider; // first: if it fails, the cluster ends the system, and the rest cannot be created
        LeaseProvider.Get(system).GetLease(OwnerLeases.Majority, new OwnerLeaseOption().ConfigPath, cluster.SelfAddress.HostPort());
        InstanceHosting.LoadPlugins(system, host);
    }

    // Seeds take the protocol of this node's own address, because TLS has a protocol of another name.
    private static void Join(Akka.Cluster.Cluster cluster, NodeOptions node)
    {
        if (node.Seeds.IsEmpty)
            cluster.Join(cluster.SelfAddress);
        else
            cluster.JoinSeedNodes(
                node.Seeds.Select(seed =>
                    seed.Split(':') is [.. var host, var port]
                        ? cluster.SelfAddress.WithHost(string.Join(':', host)).WithPort(int.Parse(port, CultureInfo.InvariantCulture))
                        : throw new ArgumentException($"found the seed '{seed}', expected host:port")
                )
            );
    }

    // Shards go to the nodes with the newest build first, so that a rolling update moves each shard once.
    private static string AppVersion =>
        typeof(ClusterPlacement).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static ShardOptions OfInstances() =>
        new()
        {
            Role = NodeOptions.Mind,
            StateStoreMode = StateStoreMode.DData,
            RememberEntities = false,
            HandOffStopMessage = FinishAndStop.Instance,
            ShouldPassivateIdleEntities = false,
            LeaseImplementation = new OwnerLeaseOption(),
            LeaseRetryInterval = LeaseRetry,
        };

    private static ShardOptions OfModels() =>
        new()
        {
            Role = NodeOptions.Model,
            StateStoreMode = StateStoreMode.DData,
            RememberEntities = false,
            HandOffStopMessage = FinishAndStop.Instance,
            PassivateIdleEntityAfter = TimeSpan.FromMinutes(5),
        };

    private static ClusterSingletonOptions Singleton(bool leased) =>
        new()
        {
            Role = NodeOptions.Mind,
            TerminationMessage = FinishAndStop.Instance,
            LeaseImplementation = leased ? new OwnerLeaseOption() : null,
            LeaseRetryInterval = LeaseRetry,
        };
}
