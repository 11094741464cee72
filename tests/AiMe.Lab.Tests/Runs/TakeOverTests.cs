using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A store that a dead process holds has a way out, and a live one keeps what it holds.</summary>
public sealed class TakeOverTests : IAsyncLifetime
{
    private static readonly OwnerInfo Far = new("omega", 100, "s9", new WriterId("far"));
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-take-").FullName;
    private readonly PassingClock _clock = new();
    private EventStore _store = null!;

    public async Task InitializeAsync() =>
        _store = await EventStore.OpenAsync(
            _directory,
            _clock,
            Journal.Sqlite.SqliteSettings.Default,
            (_, _) => false,
            CancellationToken.None
        );

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_names_of_a_dead_process_are_freed_and_get_the_next_epoch()
    {
        await ClaimAsync(Far, "run", "run/a-1");
        _clock.Now += Ownership.StaleAfter + TimeSpan.FromSeconds(1);
        var dead = (await HoldingProcess.AllAsync(_store.Ownership, CancellationToken.None)).ShouldHaveSingleItem();
        (dead.IsAlive, dead.MustBeWatched, dead.Holders.Length).ShouldBe((false, false, 2));

        await TakeOver.FreeAsync(_store.Ownership, dead, CancellationToken.None);

        (await _store.Ownership.HoldersAsync(CancellationToken.None)).ShouldBeEmpty();
        (await ClaimAsync(OwnerInfo.Here(new WriterId("next")), "run")).ShouldBe([new Owned("run", 3)]);
    }

    [Fact]
    public async Task A_live_process_is_not_taken_over()
    {
        await ClaimAsync(Far, "run");
        var live = (await HoldingProcess.AllAsync(_store.Ownership, CancellationToken.None)).ShouldHaveSingleItem();
        live.IsAlive.ShouldBeTrue();
        await Should.ThrowAsync<AlreadyOwnedException>(() => TakeOver.FreeAsync(_store.Ownership, live, CancellationToken.None));
    }

    [Fact]
    public async Task A_heartbeat_in_the_future_is_watched_and_counts_as_dead_when_it_stands_still()
    {
        await ClaimAsync(Far, "run", "run/a-1");
        _clock.Now -= TimeSpan.FromHours(2);
        (await HoldingProcess.AllAsync(_store.Ownership, CancellationToken.None)).ShouldHaveSingleItem().MustBeWatched.ShouldBeTrue();

        var dead = (await TakeOver.WatchAsync(_store.Ownership, _clock, CancellationToken.None)).ShouldHaveSingleItem();

        dead.IsAlive.ShouldBeFalse();
        await TakeOver.FreeAsync(_store.Ownership, dead, CancellationToken.None);
        (await _store.Ownership.HoldersAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_moves_while_it_is_watched_is_alive()
    {
        var held = await ClaimAsync(Far, "run");
        _clock.Now -= TimeSpan.FromHours(2);
        // The other process beats by its own clock, which is two hours ahead.
        _clock.Every = async () =>
        {
            _clock.Now += TimeSpan.FromHours(2);
            await _store.Ownership.HeartbeatAsync(held, Far.Writer, CancellationToken.None);
            _clock.Now -= TimeSpan.FromHours(2);
        };

        (await TakeOver.WatchAsync(_store.Ownership, _clock, CancellationToken.None)).ShouldHaveSingleItem().IsAlive.ShouldBeTrue();
    }

    private Task<System.Collections.Immutable.ImmutableArray<Owned>> ClaimAsync(OwnerInfo who, params string[] names) =>
        _store.Ownership.ClaimAsync([.. names], who, CancellationToken.None);

    /// <summary>Whoever waits finds that the time has passed. Setting <see cref="Now"/> changes no duration.</summary>
    private sealed class PassingClock : TimeProvider
    {
        private long _elapsed;

        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        /// <summary>Done at every wait.</summary>
        public Func<Task>? Every { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _elapsed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero) // a timer that does not wait
                return System.CreateTimer(callback, state, dueTime, period);
            _elapsed += dueTime.Ticks;
            Now += dueTime;
            return System.CreateTimer(
                _ =>
                {
                    _ = FireAsync();
                },
                null,
                TimeSpan.Zero,
                Timeout.InfiniteTimeSpan
            );

            async Task FireAsync()
            {
                if (Every is not null)
                    await Every();
                callback(state);
            }
        }
    }
}
