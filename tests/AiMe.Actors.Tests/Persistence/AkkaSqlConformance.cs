using System.Collections.Immutable;
using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.Actors.Persistence;
using AiMe.Actors.Tests.Clustering;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.DependencyInjection;

namespace AiMe.Actors.Tests.Persistence;

/// <summary>A host that writes through Akka.Persistence.Sql does what every host must, and so does the next one that writes through AiMe's own plugin.</summary>
public abstract class AkkaSqlConformance : Hosts.HostConformance
{
    /// <inheritdoc />
    private protected AkkaSqlConformance(bool isSlow = false)
        : base(isSlow) { }

    private protected override IRuntimeFactory HostingOf(EventStore store) =>
        new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System) { AkkaSqlStore = store.Address };

    [SkippableFact]
    public Task What_AiMes_own_plugin_began_Akka_Persistence_Sql_continues() => GoesOnAsync(first: Own, then: HostingOf);

    [SkippableFact]
    public Task What_Akka_Persistence_Sql_began_AiMes_own_plugin_continues() => GoesOnAsync(first: HostingOf, then: Own);

    [SkippableFact]
    public async Task The_read_journal_returns_every_row_that_AiMes_own_plugin_wrote()
    {
        var address = NewStore();
        await LiveWholeAsync(address, Own);
        var stored = await StoredAsync(address);
        using var host = await new ActorSystemSettings().StartAsync(akka => akka.WithAkkaSql(address));
        var system = host.Services.GetRequiredService<ActorSystem>();
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>("akka.persistence.query.journal.sql");
        (await AllOfAsync(journal.CurrentAllEvents(Offset.NoOffset()), system)).ShouldBe(stored);
        await host.StopAsync();
    }

    [SkippableFact]
    public async Task The_read_journal_returns_the_rows_of_each_persistence_id()
    {
        var address = NewStore();
        await LiveWholeAsync(address, Own);
        var stored = await StoredAsync(address);
        using var host = await new ActorSystemSettings().StartAsync(akka => akka.WithAkkaSql(address));
        var system = host.Services.GetRequiredService<ActorSystem>();
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>("akka.persistence.query.journal.sql");
        var ids = await journal.CurrentPersistenceIds().RunWith(Sink.Seq<string>(), system.Materializer());
        ids.Order(StringComparer.Ordinal).ShouldBe(stored.Select(s => s.Id).Distinct().Order(StringComparer.Ordinal));
        foreach (var id in ids)
            (await AllOfAsync(journal.CurrentEventsByPersistenceId(id, 0, long.MaxValue), system)).ShouldBe(stored.Where(s => s.Id == id));
        await host.StopAsync();
    }

    private static ActorHosting Own(EventStore store) => new(store.Journal, store.Snapshots, TimeProvider.System);

    private static async Task<ImmutableArray<(string Id, long SequenceNumber, string Manifest, string Message)>> StoredAsync(
        StoreAddress address
    )
    {
        await using var store = await OpenAsync(address);
        var rows = ImmutableArray.CreateBuilder<(string, long, string, string)>();
        await foreach (var row in store.Journal.ReadAllAsync(0, CancellationToken.None))
            rows.Add((row.PersistenceId.Value, row.SequenceNumber, row.Manifest, Convert.ToHexString(row.Message.Span)));
        return rows.ToImmutable();
    }

    private static async Task<ImmutableArray<(string Id, long SequenceNumber, string Manifest, string Message)>> AllOfAsync(
        Source<Akka.Persistence.Query.EventEnvelope, Akka.NotUsed> events,
        ActorSystem system
    )
    {
        var read = await events.RunWith(Sink.Seq<Akka.Persistence.Query.EventEnvelope>(), system.Materializer());
        return
        [
            .. read.Select(e =>
                (e.PersistenceId, e.SequenceNr, ((EncodedEvent)e.Event).Manifest, Convert.ToHexString(((EncodedEvent)e.Event).Message.Span))
            ),
        ];
    }
}

/// <summary>On SQLite.</summary>
public sealed class AkkaSqlSqliteTests : AkkaSqlConformance;

/// <summary>On PostgreSQL. A plain <c>dotnet test</c> tries the plugin on SQLite, and PostgreSQL with AiMe's own plugin.</summary>
public sealed class AkkaSqlPostgresTests() : AkkaSqlConformance(isSlow: true), IAsyncLifetime
{
    private readonly PostgresStore _store = new();

    public Task InitializeAsync() => _store.CreateAsync();

    public Task DisposeAsync() => _store.DropAsync();

    private protected override StoreAddress NewStore() => _store.At(NewDirectory());
}

/// <summary>A plain actor system over PostgreSQL, through AiMe's own plugin.</summary>
public sealed class PostgresHostTests : Hosts.HostConformance, IAsyncLifetime
{
    private readonly PostgresStore _store = new();

    public Task InitializeAsync() => _store.CreateAsync();

    public Task DisposeAsync() => _store.DropAsync();

    private protected override IRuntimeFactory HostingOf(EventStore store) =>
        new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System);

    private protected override StoreAddress NewStore() => _store.At(NewDirectory());
}

/// <summary>A cluster of one node that writes through Akka.Persistence.Sql.</summary>
public sealed class AkkaSqlClusterTests() : Hosts.HostConformance(isSlow: true)
{
    private protected override IRuntimeFactory HostingOf(EventStore store) =>
        new ClusterHosting(NodeOptions.Alone, store, TimeProvider.System) { Settings = Nodes.Soon, AkkaSqlJournal = true };
}
