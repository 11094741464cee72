using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Tests;

/// <summary>The parts of the simulated machine, each by itself: what it promises a process, and what it takes from it.</summary>
public sealed class SimulatedMachineTests
{
    private static readonly PersistenceId Stream = new("run/life/self");

    [Fact]
    public void The_same_seed_draws_the_same()
    {
        var (once, again) = (new Dice(new Seed(7)), new Dice(new Seed(7)));
        Enumerable.Range(0, 100).Select(_ => once.Below(1000)).ShouldBe(Enumerable.Range(0, 100).Select(_ => again.Below(1000)).ToArray());
    }

    [Fact]
    public void Draws_are_within_their_bounds_and_reach_both_ends()
    {
        var dice = new Dice(new Seed(1));
        var drawn = Enumerable.Range(0, 1000).Select(_ => dice.Below(3)).ToArray();
        drawn.Distinct().Order().ShouldBe([0, 1, 2]);
        Enumerable.Range(0, 1000).Select(_ => dice.UpTo(TimeSpan.FromTicks(2)).Ticks).Distinct().Order().ShouldBe([0L, 1L, 2L]);
        (dice.Chance(0), dice.Chance(1)).ShouldBe((false, true));
    }

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due_and_take_time_along()
    {
        var (clock, fired) = (new SimulatedClock(), new List<string>());
        using var late = clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var early = clock.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        clock.Next.ShouldBe(TimeSpan.FromSeconds(1));
        while (clock.Fire()) { }

        fired.ShouldBe(["early", "late"]);
        clock.Elapsed.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_jump_of_the_wall_clock_moves_no_timer()
    {
        var clock = new SimulatedClock();
        var (before, wall) = (clock.GetTimestamp(), clock.GetUtcNow());
        using var timer = clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        clock.Jump(TimeSpan.FromHours(-3));
        clock.GetTimestamp().ShouldBe(before);
        clock.GetUtcNow().ShouldBe(wall.AddHours(-3));
        clock.Fire();
        clock.GetElapsedTime(before).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_timer_that_is_disposed_or_changed_does_not_fire_for_what_it_was_set_to()
    {
        var (clock, fired) = (new SimulatedClock(), 0);
        var disposed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var changed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        changed.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        clock.Pauses.ShouldBe(1);
        clock.Fire().ShouldBeTrue();
        (fired, clock.Elapsed, clock.Pauses).ShouldBe((1, TimeSpan.FromSeconds(5), 0));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    public async Task An_append_under_way_at_a_crash_is_durable_whole_or_not_at_all(double durable, int rows)
    {
        var machine = new SimulatedMachine(new Seed(1), new SimulatedFaults { Slow = 1, DurableUnacknowledged = durable }, record: false);
        var journal = new SimulatedJournal(machine);
        var append = journal.AppendAsync(Stream, new WriterId("w"), Entries(1, 2), CancellationToken.None);
        append.IsCompleted.ShouldBeFalse();
        machine.Disk.Rows(Stream).ShouldBeEmpty("it is not durable before it takes its time");
        journal.Abandon();
        machine.Disk.Rows(Stream).Count.ShouldBe(rows);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Of_two_appends_to_a_stream_the_later_is_never_durable_without_the_earlier()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var machine = new SimulatedMachine(new Seed(seed), new SimulatedFaults { Slow = 1 }, record: false);
            var journal = new SimulatedJournal(machine);
            _ = journal.AppendAsync(Stream, new WriterId("w"), Entries(1), CancellationToken.None);
            _ = journal.AppendAsync(Stream, new WriterId("w"), Entries(2), CancellationToken.None);
            journal.Abandon();
            machine
                .Disk.Rows(Stream)
                .Select(r => r.SequenceNumber)
                .ShouldBe(Enumerable.Range(1, machine.Disk.Rows(Stream).Count).Select(n => (long)n), $"with seed {seed}");
        }

        await Task.CompletedTask;
    }

    [Fact]
    public void A_second_writer_is_refused()
    {
        var disk = new SimulatedDisk();
        disk.Append(Stream, new WriterId("a"), Entries(1), 0);
        Should.Throw<SecondWriterException>(() => disk.Append(Stream, new WriterId("b"), Entries(1), 0)).Message.ShouldContain("ends at 1");
    }

    [Fact]
    public async Task A_store_that_fails_says_so_whether_or_not_the_append_is_durable()
    {
        HashSet<int> durable = [];
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var machine = new SimulatedMachine(new Seed(seed), new SimulatedFaults { StoreFails = 1 }, record: false);
            await Should.ThrowAsync<JournalException>(
                new SimulatedJournal(machine).AppendAsync(Stream, new WriterId("w"), Entries(1), CancellationToken.None)
            );
            durable.Add(machine.Disk.Rows(Stream).Count);
        }

        durable.Order().ShouldBe([0, 1]);
    }

    private static ImmutableArray<JournalEntry> Entries(params long[] numbers) =>
        [.. numbers.Select(n => new JournalEntry(n, "self.heard@1", "{}"u8.ToArray()))];
}
