using AiMe.EventSourcing;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;

namespace AiMe.Journal.Tests.Postgres;

public sealed class PostgresJournalTests(Database database) : JournalConformance, IClassFixture<Database>
{
    private PostgresJournal? _journal;

    protected override IJournal Journal => _journal!;

    public override async Task InitializeAsync() => _journal = await database.NewJournalAsync();

    public override Task DisposeAsync() => _journal?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class PostgresSnapshotTests(Database database) : SnapshotConformance, IClassFixture<Database>
{
    private PostgresJournal? _journal;

    protected override ISnapshots Snapshots => _journal!;

    public override async Task InitializeAsync() => _journal = await database.NewJournalAsync();

    public override Task DisposeAsync() => _journal?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class PostgresOwnershipTests(Database database) : OwnershipConformance, IClassFixture<Database>
{
    private PostgresAddress? _address;

    // The server of the tests has just been started.
    private protected override async Task<IDatabase> OpenAsync() =>
        await PostgresJournal.OpenAsync(
            _address ??= await database.NewSchemaAsync(),
            new FakeClock(),
            new PostgresSettings { Grace = TimeSpan.Zero },
            CancellationToken.None
        );

    // The clock is the server's, so the heartbeats are moved.
    protected override Task PassAsync(TimeSpan span) =>
        TestServer.ExecuteAsync(_address!.Connection, $"UPDATE aime_owner SET heartbeat = heartbeat - {span.Ticks}");
}

public sealed class PostgresInboxTests(Database database) : InboxConformance, IClassFixture<Database>
{
    private PostgresAddress? _address;

    private protected override async Task<IDatabase> OpenAsync() =>
        await PostgresJournal.OpenAsync(
            _address ??= await database.NewSchemaAsync(),
            new FakeClock(),
            PostgresSettings.Default,
            CancellationToken.None
        );
}

public sealed class PostgresRunRemovalTests(Database database) : RunRemovalConformance, IClassFixture<Database>
{
    private protected override async Task<IDatabase> OpenAsync() =>
        await PostgresJournal.OpenAsync(
            await database.NewSchemaAsync(),
            new FakeClock(),
            new PostgresSettings { Grace = TimeSpan.Zero },
            CancellationToken.None
        );
}

public sealed class PostgresGlanceTests(Database database) : GlanceConformance, IClassFixture<Database>
{
    private readonly TemporaryDirectory _directory = new();

    private protected override async Task<EventStore> OpenAsync() =>
        await EventStore.OpenAsync(
            await database.NewSchemaAsync(_directory.Path),
            new FakeClock(),
            new StoreSettings(),
            (_, _) => true,
            CancellationToken.None
        );

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
