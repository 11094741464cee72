using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Hosting;
using Akka.Remote.Hosting;
using AiMe.Journal;
using AiMe.Kernel;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Address = AiMe.Kernel.Address;
using HostOptions = AiMe.Kernel.HostOptions;

namespace AiMe.Akka;

/// <summary>Hosts runs on Akka.NET: instances are shards of a cluster of one node or many, the supervisor is its singleton, all on one journal.</summary>
/// <param name="commands">What goes from node to node.</param>
public sealed class AkkaHosting(NodeOptions node, Store store, CommandCatalogue commands, TimeProvider time) : IHosting
{
    /// <inheritdoc />
    public bool ClaimsByItself => true;

    /// <inheritdoc />
    /// <exception cref="JournalException">The node cannot be started: its port is taken, or no seed lets it in.</exception>
    public async Task<IRuntime> OpenAsync(HostOptions options, IEffects effects, IRuntimeObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        var shared = new Node(options, effects, observer, new Claims(store.Ownership, OwnerInfo.Here(options.Writer), time), time);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka(NodeOptions.System, akka => Configure(akka, shared));
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            var system = host.Services.GetRequiredService<ActorSystem>();
            var registry = host.Services.GetRequiredService<ActorRegistry>();
            shared.Log = Logging.GetLogger(system, "aime");
            shared.Instances = registry.Get<LifeActor>();
            shared.Supervisor = registry.Get<Node>();
            if (node.Seeds.IsEmpty)
                await Cluster.Get(system).JoinAsync(Cluster.Get(system).SelfAddress);
            return new AkkaRuntime(host, system, shared);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            host.Dispose();
            throw new JournalException($"The Akka node could not be started at {node.HostName}:{node.Port}: {e.Message}", e);
        }
    }

    private void Configure(AkkaConfigurationBuilder akka, Node shared)
    {
        if (node.Hocon is { } hocon)
            akka.AddHocon(ConfigurationFactory.ParseString(hocon), HoconAddMode.Prepend);
        var (connection, provider) = Database();
        akka.WithCustomSerializer("aime", JournalSerializer.Types, system => new JournalSerializer(system, shared.Options.Catalogue, commands))
            .WithRemoting(new RemoteOptions { HostName = node.HostName, Port = node.Port })
            .WithClustering(new ClusterOptions { Roles = [NodeOptions.Mind], SeedNodes = node.SeedAddresses })
            .WithSqlPersistence(connection, provider, autoInitialize: false, journalBuilder: journal => journal.AddWriteEventAdapter<Tags>("tags", [typeof(Row)]))
            .WithShardRegion<LifeActor>(
                Name(shared.Options.Run), (_, _, _) => instance => Props.Create(() => new LifeActor(shared, instance)), new InstanceOf(),
                new ShardOptions { Role = NodeOptions.Mind, StateStoreMode = StateStoreMode.DData, RememberEntities = false, HandOffStopMessage = End.Instance, ShouldPassivateIdleEntities = false })
            .WithSingleton<Node>(
                $"{Name(shared.Options.Run)}-supervisor", (_, _, _) => Props.Create(() => new LifeActor(shared, Address.Run)),
                new ClusterSingletonOptions { Role = NodeOptions.Mind, TerminationMessage = End.Instance })
            .AddHocon(ConfigurationFactory.FromResource<AkkaHosting>("AiMe.Akka.akka.conf"), HoconAddMode.Append);
    }

    private (string Connection, string Provider) Database() => store.Address switch
    {
        DirectoryAddress directory => ($"Data Source={directory.Journal}", ProviderName.SQLiteMS),
        PostgresAddress server => (server.Connection, ProviderName.PostgreSQL15),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Several runs of one store may be hosted by clusters of their own; an actor's name takes no slash.
    private static string Name(string run) => Uri.EscapeDataString(run);

    private sealed class InstanceOf() : HashCodeMessageExtractor(maxNumberOfShards: 120)
    {
        public override string? EntityId(object message) => message is Told told ? told.To.Instance : null;
    }
}

/// <summary>Writes a row's tags beside it.</summary>
public sealed class Tags : global::Akka.Persistence.Journal.IWriteEventAdapter
{
    /// <inheritdoc />
    public string Manifest(object evt) => "";

    /// <inheritdoc />
    public object ToJournal(object evt) => evt is Row row ? new global::Akka.Persistence.Journal.Tagged(row, row.Tags.ToImmutableHashSet(StringComparer.Ordinal)) : evt;
}
