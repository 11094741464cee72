using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class SqliteOwnershipTests : OwnershipConformance
{
    private readonly TemporaryDirectory _directory = new();

    private protected override async Task<IDatabase> OpenAsync() => await SqliteJournal.OpenAsync(_directory["journal.db"], new FakeClock(), None);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}

public sealed class ProcessTests
{
    [Fact]
    public void This_process_runs_and_another_start_or_number_does_not()
    {
        var here = OwnerInfo.Here(Writer);
        Processes.IsRunning(here.ProcessId, here.ProcessStarted).ShouldBeTrue();
        Processes.IsRunning(here.ProcessId, here.ProcessStarted + "0").ShouldBeFalse();
        Processes.IsRunning(int.MaxValue, here.ProcessStarted).ShouldBeFalse();
    }
}
