using System.Collections.Immutable;
using System.Text;
using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class InboxTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeClock _clock = new();
    private SqliteJournal? _journal;

    private Inbox Inbox => new(((IDatabase)_journal!).Letters);

    public async Task InitializeAsync() => _journal = await SqliteJournal.OpenAsync(_directory["journal.db"], _clock, None);

    public async Task DisposeAsync()
    {
        await _journal!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Letters_wait_for_their_run_in_order_of_arrival()
    {
        await Inbox.PutAsync("run", [Letter("b"), Letter("a")], None);
        await Inbox.PutAsync("other", [Letter("c")], None);
        await Inbox.PutAsync("run", [Letter("d")], None);
        (await Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe(["b", "a", "d"]);
    }

    [Fact]
    public async Task A_letter_comes_out_as_it_was_put_in()
    {
        await Inbox.PutAsync("run", [Letter("a")], None);
        var letter = (await Inbox.WaitingAsync("run", None)).Single();
        (letter.Instance, Encoding.UTF8.GetString(letter.Input.Span), letter.At, letter.At.Kind).ShouldBe(("kept-1", "{\"is\":\"a\"}", At, DateTimeKind.Utc));
    }

    [Fact]
    public async Task Putting_a_letter_in_twice_is_putting_it_in_once()
    {
        await Inbox.PutAsync("run", [Letter("a")], None);
        await Inbox.PutAsync("run", [Letter("a"), Letter("b")], None);
        (await Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task What_was_taken_away_is_gone_and_taken_away_again_is_not_there()
    {
        await Inbox.PutAsync("run", [Letter("a"), Letter("b")], None);
        (await Inbox.RemoveAsync(["a"], None)).ShouldBe(1);
        (await Inbox.RemoveAsync(["a"], None)).ShouldBe(0);
        (await Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Another_process_s_letter_is_seen()
    {
        await using var second = await SqliteJournal.OpenAsync(_directory["journal.db"], _clock, None);
        await new Inbox(((IDatabase)second).Letters).PutAsync("run", [Letter("a")], None);
        (await Inbox.WaitingAsync("run", None)).Length.ShouldBe(1);
    }

    private static DateTime At { get; } = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    private static Letter Letter(string arrival) => new(arrival, "kept-1", Encoding.UTF8.GetBytes($$"""{"is":"{{arrival}}"}"""), At);
}
