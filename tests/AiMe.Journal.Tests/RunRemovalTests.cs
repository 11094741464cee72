using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class SqliteRunRemovalTests : RunRemovalConformance
{
    private readonly TemporaryDirectory _directory = new();

    private protected override async Task<IDatabase> OpenAsync() =>
        await SqliteJournal.OpenAsync(_directory["journal.db"], new FakeClock(), None);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
