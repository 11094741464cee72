using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class SqliteOwnershipTests : OwnershipConformance
{
    private readonly TemporaryDirectory _directory = new();

    private protected override async Task<IDatabase> OpenAsync() =>
        await SqliteJournal.OpenAsync(_directory["journal.db"], new FakeClock(), None);

    [Fact]
    public async Task Exactly_30_seconds_of_silence_are_not_too_long()
    {
        await using var database = await OpenAsync();
        var clock = new FakeClock();
        var ownership = new Ownership(database.Owners, clock, (_, _) => true);
        await ownership.ClaimAsync(["x"], new OwnerInfo("omega", 1, "s", new WriterId("far")), None);
        clock.Now += Ownership.StaleAfter;
        var near = new OwnerInfo("alpha", 1, "s", new WriterId("near"));
        await Should.ThrowAsync<AlreadyOwnedException>(() => ownership.ClaimAsync(["x"], near, None));
    }

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
