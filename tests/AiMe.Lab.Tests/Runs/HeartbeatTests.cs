using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>Whoever owns a run says so as long as it works on it.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private static readonly WriterId Writer = new("restorer");
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-beat-").FullName;
    private readonly TickingClock _clock = new();
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
    public async Task An_owner_is_heard_as_long_as_its_work_takes()
    {
        var held = await _store.Ownership.ClaimAsync(["run"], OwnerInfo.Here(Writer), CancellationToken.None);
        var done = new TaskCompletionSource();
        var working = Heartbeat.WhileAsync(_store.Ownership, held, Writer, _clock, _ => done.Task, CancellationToken.None);
        for (var beat = 1; beat <= 10; beat++)
        {
            _clock.Tick(Heartbeat.Every);
            while ((await _store.Ownership.HolderAsync("run", CancellationToken.None))!.Owner.Heartbeat != _clock.GetUtcNow())
                await Task.Yield();
        }

        done.SetResult();
        await working;
    }

    [Fact]
    public async Task Work_is_cancelled_when_another_has_taken_over()
    {
        var held = await _store.Ownership.ClaimAsync(["run"], OwnerInfo.Here(Writer), CancellationToken.None);
        var cancelled = false;
        var working = Heartbeat.WhileAsync(_store.Ownership, held, Writer, _clock, WorkAsync, CancellationToken.None);
        await _store.Ownership.ClaimAsync(["run"], OwnerInfo.Here(new WriterId("other")), CancellationToken.None);
        _clock.Tick(Heartbeat.Every);
        (await Should.ThrowAsync<JournalException>(() => working)).Message.ShouldContain("has taken over run");
        cancelled.ShouldBeTrue();

        async Task WorkAsync(CancellationToken over)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, over);
            }
            finally
            {
                cancelled = true;
            }
        }
    }

    [Fact]
    public async Task An_owner_is_heard_before_its_work_begins()
    {
        var held = await _store.Ownership.ClaimAsync(["run"], OwnerInfo.Here(Writer), CancellationToken.None);
        _clock.Tick(Heartbeat.Every);
        var heard = default(DateTimeOffset);
        await Heartbeat.WhileAsync(
            _store.Ownership,
            held,
            Writer,
            _clock,
            async _ => heard = (await _store.Ownership.HolderAsync("run", CancellationToken.None))!.Owner.Heartbeat,
            CancellationToken.None
        );
        heard.ShouldBe(_clock.GetUtcNow());
    }

    // Whichever of work and beats ends first: what is cut off must not pass for done.
    [Fact]
    public async Task Work_that_is_cancelled_from_outside_is_told_to_be_cancelled()
    {
        var held = await _store.Ownership.ClaimAsync(["run"], OwnerInfo.Here(Writer), CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var working = Heartbeat.WhileAsync(_store.Ownership, held, Writer, _clock, WorkAsync, cancellation.Token);
        await begun.Task;
        await cancellation.CancelAsync();
        end.SetResult();
        await Should.ThrowAsync<OperationCanceledException>(() => working);

        // The beats have ended by the time it notices.
        async Task WorkAsync(CancellationToken cancelled)
        {
            begun.SetResult();
            await end.Task;
            cancelled.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task What_the_work_fails_with_is_told()
    {
        var held = await _store.Ownership.ClaimAsync(["run"], OwnerInfo.Here(Writer), CancellationToken.None);
        (
            await Should.ThrowAsync<IOException>(() =>
                Heartbeat.WhileAsync(
                    _store.Ownership,
                    held,
                    Writer,
                    _clock,
                    _ => throw new IOException("The disk is gone."),
                    CancellationToken.None
                )
            )
        ).Message.ShouldBe("The disk is gone.");
    }

    /// <summary>Stands still between ticks, and every timer fires at each.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private readonly List<Action> _timers = [];
        private DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Still();
        }

        public void Tick(TimeSpan by)
        {
            _now += by;
            foreach (var fire in _timers)
                fire();
        }

        private sealed class Still : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
