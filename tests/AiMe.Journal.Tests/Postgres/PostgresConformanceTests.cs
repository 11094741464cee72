using AiMe.Journal.Postgres;
using AiMe.Kernel;

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
