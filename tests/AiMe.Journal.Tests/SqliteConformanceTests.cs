using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;

namespace AiMe.Journal.Tests;

public sealed class SqliteJournalTests : JournalConformance
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteJournal? _journal;

    protected override IJournal Journal => _journal!;

    public override async Task InitializeAsync() =>
        _journal = await SqliteJournal.OpenAsync(_directory["journal.db"], new FakeClock(), CancellationToken.None);

    public override async Task DisposeAsync()
    {
        await Journal.DisposeAsync();
        _directory.Dispose();
    }
}

public sealed class SqliteSnapshotTests : SnapshotConformance
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteJournal? _journal;

    protected override ISnapshots Snapshots => _journal!;

    public override async Task InitializeAsync() =>
        _journal = await SqliteJournal.OpenAsync(_directory["journal.db"], new FakeClock(), CancellationToken.None);

    public override async Task DisposeAsync()
    {
        await _journal!.DisposeAsync();
        _directory.Dispose();
    }
}
