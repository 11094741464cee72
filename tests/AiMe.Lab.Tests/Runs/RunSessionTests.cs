using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A session that hosts a run: what ends it, and what it does with letters.</summary>
public sealed class RunSessionTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-session-").FullName;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Quiet _observer = new();
    private Journal.EventStore? _store;

    public async Task InitializeAsync() =>
        _store = await Journal.EventStore.OpenAsync(
            _directory,
            TimeProvider.System,
            SqliteSettings.Default,
            (_, _) => true,
            CancellationToken.None
        );

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_letter_that_cannot_be_read_is_named_and_does_not_keep_the_others_waiting()
    {
        await _store!.Inbox.PutAsync(
            "test-12345678",
            [new InboxMessage("bad", "wild-1", Encoding.UTF8.GetBytes("not json"), DateTime.UnixEpoch), Good("good")],
            CancellationToken.None
        );
        await using var session = await OpenAsync();
        (await session.FoundAsync(CancellationToken.None)).ShouldBe(["good"]);
        await session.UntilAsync(state => state.Arrivals.Contains("good"), CancellationToken.None);
        _observer.Refusals.Single().ShouldContain("The inbox message bad cannot be read");
        await session.CloseAsync(new CancellationToken(canceled: true));
        (await _store.Inbox.WaitingAsync("test-12345678", CancellationToken.None)).Select(l => l.Arrival).ShouldBe(["bad"]);
    }

    [Fact]
    public async Task An_instance_that_was_left_out_is_admitted_when_a_letter_comes_for_it()
    {
        await using var session = await OpenAsync(only: "wild-2");
        await _store!.Inbox.PutAsync("test-12345678", [Good("a")], CancellationToken.None);
        await _observer.Woken.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Closing_lets_go_of_the_run()
    {
        await using (var session = await OpenAsync())
            (await _store!.Ownership.FindAsync("test-12345678", CancellationToken.None)).ShouldNotBeNull();
        (await _store!.Ownership.FindAsync("test-12345678", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_is_cancelled()
    {
        await using var session = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        var wait = session.UntilAsync(_ => false, cancelled.Token);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(wait);
    }

    [Fact]
    public async Task A_request_to_pause_stops_the_host_that_it_names()
    {
        await using var session = await OpenAsync();
        var sent = PauseRequest.SendAsync("test-12345678", null, _store!, Patience, TimeProvider.System, CancellationToken.None);
        await session.PauseRequested.WaitAsync(Patience);
        await session.CloseAsync(new CancellationToken(canceled: true));
        (await sent).ShouldBeTrue();
        (await _store!.Inbox.WaitingAsync("test-12345678", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_to_pause_an_earlier_host_is_dropped_by_a_later_one()
    {
        await using (var earlier = await OpenAsync())
            await earlier.CloseAsync(new CancellationToken(canceled: true));
        await using var session = await OpenAsync();
        await session.FoundAsync(CancellationToken.None);
        await _store!.Inbox.PutAsync(
            "test-12345678",
            [new InboxMessage("late", PauseRequest.To("test-12345678", epoch: 1), "{}"u8.ToArray(), DateTime.UnixEpoch), Good("good")],
            CancellationToken.None
        );
        await session.UntilAsync(state => state.Arrivals.Contains("good"), CancellationToken.None);
        session.PauseRequested.IsCompleted.ShouldBeFalse();
    }

    private static InboxMessage Good(string arrival) =>
        new(arrival, "wild-1", InputJson.Write(new Input.Said("Hello.", "talk")), DateTime.UnixEpoch);

    private Task<RunSession> OpenAsync(string? only = null) =>
        new SessionOpening(
            Lives.Plan(2, Lives.Variant("wild")),
            _store!,
            new SessionOptions(1, only is null ? null : [only]),
            TimeProvider.System
        ).OpenAsync(new Silent(), _observer);

    // A world that never answers: what is asked of it stays owed.
    private sealed class Silent : IEffects
    {
        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new System.Diagnostics.UnreachableException();
        }
    }

    private sealed class Quiet : IRuntimeObserver
    {
        public List<string> Refusals { get; } = [];

        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Happened(string instance, string faculty, Event happened)
        {
            if (happened is SelfBegan && instance == "wild-1")
                Woken.TrySetResult();
        }

        public void Refused(string instance, string faculty, Command command, string why)
        {
            lock (Refusals)
                Refusals.Add(why);
        }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
    }
}
