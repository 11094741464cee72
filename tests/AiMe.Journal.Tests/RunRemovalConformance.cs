using System.Text;
using AiMe.EventSourcing;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>How a run is removed, wherever it is kept.</summary>
public abstract class RunRemovalConformance : IAsyncLifetime
{
    private static readonly PersistenceId Own = new("run-1/a-1/memory"),
        Other = new("run-10/a-1/memory");

    private IDatabase? _database;

    private IDatabase Database => _database!;

    private protected abstract Task<IDatabase> OpenAsync();

    public async Task InitializeAsync()
    {
        _database = await OpenAsync();
        foreach (var stream in (PersistenceId[])[Own, Other])
        {
            await Database.Append(stream, 1, 3);
            await ((ISnapshots)Database).SaveAsync(stream, 2, "state@1", "{}"u8.ToArray(), None);
        }

        foreach (var run in (string[])["run-1", "run-10"])
            await new Inbox(Database.Inbox).PutAsync(
                run,
                [new InboxMessage($"to-{run}", "a-1", Encoding.UTF8.GetBytes("{}"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc))],
                None
            );
    }

    public virtual async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Events_snapshots_inbox_and_owners_of_the_run_go_and_those_of_a_run_with_a_longer_name_stay()
    {
        Ownership ownership = new(Database.Owners, new FakeClock(), (_, _) => true);
        await ownership.ClaimAsync(["run-1", "run-1/a-1", "run-1#majority", "run-10", "run-10/a-1"], OwnerInfo.Here(Writer), None);

        (await Database.Removal.RemoveAsync("run-1", [Own.Value], None)).ShouldBe(3);

        (await Database.Numbers(Own)).ShouldBeEmpty();
        (await Database.Numbers(Other)).ShouldBe([1, 2, 3]);
        (await ((ISnapshots)Database).LoadAsync(Own, long.MaxValue, None)).ShouldBeNull();
        (await ((ISnapshots)Database).LoadAsync(Other, long.MaxValue, None)).ShouldNotBeNull();
        (await new Inbox(Database.Inbox).WaitingAsync("run-1", None)).ShouldBeEmpty();
        (await new Inbox(Database.Inbox).WaitingAsync("run-10", None)).ShouldHaveSingleItem();
        (await ownership.HoldersAsync(None)).Select(h => h.Owner.Name).ShouldBe(["run-10", "run-10/a-1"]);
    }

    [SkippableFact]
    public async Task A_run_that_was_removed_can_begin_again()
    {
        await Database.Removal.RemoveAsync("run-1", [Own.Value], None);
        await Database.Append(Own, 1, 2);
        (await Database.Numbers(Own)).ShouldBe([1, 2]);
    }

    [SkippableFact]
    public async Task An_owner_whose_run_was_removed_learns_that_it_has_lost_it()
    {
        Ownership ownership = new(Database.Owners, new FakeClock(), (_, _) => true);
        var held = await ownership.ClaimAsync(["run-1"], OwnerInfo.Here(Writer), None);
        await Database.Removal.RemoveAsync("run-1", [Own.Value], None);
        (await ownership.HeartbeatAsync(held, Writer, None)).ShouldBe(["run-1"]);
        await ownership.ReleaseAsync(held, Writer, None);
    }

    [SkippableFact]
    public async Task Compacting_keeps_every_row()
    {
        await Database.Removal.CompactAsync(None);
        (await Database.Numbers(Own)).ShouldBe([1, 2, 3]);
        await Database.Append(Own, 4, 4);
    }
}
