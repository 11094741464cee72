using AiMe.EventSourcing;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>What every place for snapshots must do.</summary>
public abstract class SnapshotConformance : IAsyncLifetime
{
    private static readonly PersistenceId A = Stream("a"),
        B = Stream("b");

    protected abstract ISnapshots Snapshots { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [SkippableFact]
    public async Task A_stream_without_snapshots_has_none() => (await Snapshots.LoadAsync(A, long.MaxValue, None)).ShouldBeNull();

    [SkippableFact]
    public async Task A_snapshot_is_read_as_it_was_saved()
    {
        await Snapshots.SaveAsync(A, 7, "memory.state@1", new byte[] { 0, 255, 3 }, None);
        var snapshot = (await Snapshots.LoadAsync(A, 7, None)).ShouldNotBeNull();
        snapshot.State.ToArray().ShouldBe([0, 255, 3]);
        (snapshot with { State = default }).ShouldBe(new Snapshot(A, 7, "memory.state@1", default, new FakeClock().Now.UtcTicks));
    }

    [SkippableTheory]
    [InlineData(long.MaxValue, 30L)]
    [InlineData(30, 30L)]
    [InlineData(29, 20L)]
    [InlineData(10, 10L)]
    [InlineData(9, null)]
    public async Task The_newest_snapshot_at_or_below_a_number_is_found(long atMost, long? expected)
    {
        foreach (var n in new long[] { 20, 10, 30 })
            await Snapshots.SaveAsync(A, n, "memory.state@1", new byte[] { (byte)n }, None);
        (await Snapshots.LoadAsync(A, atMost, None))?.SequenceNumber.ShouldBe(expected!.Value);
        ((await Snapshots.LoadAsync(A, atMost, None)) is null).ShouldBe(expected is null);
    }

    [SkippableFact]
    public async Task A_snapshot_of_the_same_number_replaces_the_old_one()
    {
        await Snapshots.SaveAsync(A, 1, "memory.state@1", new byte[] { 1 }, None);
        await Snapshots.SaveAsync(A, 1, "memory.state@2", new byte[] { 2 }, None);
        var snapshot = (await Snapshots.LoadAsync(A, 1, None)).ShouldNotBeNull();
        snapshot.Manifest.ShouldBe("memory.state@2");
        snapshot.State.ToArray().ShouldBe([2]);
    }

    [SkippableFact]
    public async Task Deleting_takes_the_snapshots_up_to_a_number_of_that_stream_alone()
    {
        foreach (var n in new long[] { 10, 20, 30 })
            await Snapshots.SaveAsync(A, n, "memory.state@1", default, None);
        await Snapshots.SaveAsync(B, 10, "memory.state@1", default, None);
        await Snapshots.DeleteAsync(A, 20, None);

        (await Snapshots.LoadAsync(A, 29, None)).ShouldBeNull();
        (await Snapshots.LoadAsync(A, 30, None)).ShouldNotBeNull();
        (await Snapshots.LoadAsync(B, 10, None)).ShouldNotBeNull();
    }

    [SkippableFact]
    public async Task All_snapshots_of_a_stream_come_in_order()
    {
        foreach (var n in new long[] { 20, 0, 30, 10 })
            await Snapshots.SaveAsync(A, n, "memory.state@1", new[] { (byte)n }, None);
        await Snapshots.SaveAsync(B, 5, "memory.state@1", default, None);
        var all = await Snapshots.AllAsync(A, None).ToListAsync();
        all.Select(s => (s.SequenceNumber, (int)s.State.Span[0])).ShouldBe([(0, 0), (10, 10), (20, 20), (30, 30)]);
    }

    [SkippableFact]
    public async Task Deleting_where_there_is_nothing_changes_nothing() => await Snapshots.DeleteAsync(A, 5, None);
}
