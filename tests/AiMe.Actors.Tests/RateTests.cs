using AiMe.EventSourcing;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.Actors.Tests;

/// <summary>Rates: never more than so much in any minute, and nobody starves.</summary>
public sealed class RateTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(59)]
    [InlineData(61)]
    [InlineData(1_000)]
    public async Task In_no_minute_more_is_given_than_the_rate_and_in_the_long_run_no_less_than_nine_tenths(int perMinute)
    {
        var time = new LeapingClock();
        var keeper = new RateKeeper([new Rate("r", perMinute)], time);
        List<(TimeSpan At, int Units)> given = [];
        while (time.Passed < TimeSpan.FromMinutes(10))
        {
            var units = await keeper.TakeAsync("r", perMinute, CancellationToken.None);
            given.Add((time.Passed, units));
        }

        given.Sum(g => g.Units).ShouldBeGreaterThanOrEqualTo((int)(10 * perMinute * 0.9) - 1);
        foreach (var (from, _) in given)
            given.Where(g => g.At >= from && g.At < from + TimeSpan.FromMinutes(1)).Sum(g => g.Units).ShouldBeLessThanOrEqualTo(perMinute);
    }

    [Fact]
    public async Task A_keeper_begins_with_nothing_since_another_may_have_given_it_just_before()
    {
        var taken = new RateKeeper([new Rate("r", 60)], _time).TakeAsync("r", 1, CancellationToken.None);
        taken.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await taken).ShouldBe(1);
    }

    [Fact]
    public async Task Who_comes_first_is_served_first_and_who_wants_much_gets_a_seconds_share_at_a_time()
    {
        var keeper = new RateKeeper([new Rate("r", 600)], _time);
        var (much, little) = (keeper.TakeAsync("r", 1_000, CancellationToken.None), keeper.TakeAsync("r", 1, CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        little.IsCompleted.ShouldBeFalse("the first still waits");
        _time.Advance(TimeSpan.FromSeconds(0.6));
        (await much).ShouldBe(10);
        (await ServedAsync(little)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_goes_away_while_he_waits_keeps_nobody_back()
    {
        var keeper = new RateKeeper([new Rate("r", 60)], _time);
        using var leaves = new CancellationTokenSource();
        var (first, gone, last) = (
            keeper.TakeAsync("r", 1, CancellationToken.None),
            keeper.TakeAsync("r", 1, leaves.Token),
            keeper.TakeAsync("r", 1, CancellationToken.None)
        );
        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        await first;
        last.IsCompleted.ShouldBeFalse("its turn has come, and nothing is free yet");
        (await ServedAsync(last)).ShouldBe(1);
    }

    [Fact]
    public void A_rate_that_is_not_kept_and_one_of_nothing_are_refused()
    {
        Should.Throw<ArgumentException>(() => new RateKeeper([], _time).TakeAsync("r", 1, CancellationToken.None));
        Should.Throw<ArgumentOutOfRangeException>(() => new RateKeeper([new Rate("r", 0)], _time));
    }

    // Who is next may read the clock before it advances and set its timer afterwards, so the clock advances until it is served.
    private async Task<int> ServedAsync(Task<int> waiting)
    {
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.2));
            await Task.WhenAny(waiting, Task.Delay(Systems.Often));
        }

        return await waiting;
    }

    /// <summary>A clock by which every pause ends at once: it leaps over it.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long _ticks;

        public TimeSpan Passed => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
            return new Over();
        }

        private sealed class Over : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
