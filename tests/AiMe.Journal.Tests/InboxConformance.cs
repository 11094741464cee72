using System.Collections.Immutable;
using System.Text;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>The durable inbox, wherever it is kept.</summary>
public abstract class InboxConformance : IAsyncLifetime
{
    private IDatabase? _database;

    private Inbox Inbox => new(_database!.Inbox);

    /// <summary>The database; the same one at each call, opened as by another process.</summary>
    private protected abstract Task<IDatabase> OpenAsync();

    public async Task InitializeAsync() => _database = await OpenAsync();

    public virtual async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Letters_wait_for_their_run_in_order_of_arrival()
    {
        await Inbox.PutAsync("run", [Letter("b"), Letter("a")], None);
        await Inbox.PutAsync("other", [Letter("c")], None);
        await Inbox.PutAsync("run", [Letter("d")], None);
        (await Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe(["b", "a", "d"]);
    }

    [SkippableFact]
    public async Task A_letter_comes_out_as_it_was_put_in()
    {
        await Inbox.PutAsync("run", [Letter("a")], None);
        var letter = (await Inbox.WaitingAsync("run", None)).Single();
        (letter.Instance, Encoding.UTF8.GetString(letter.Input.Span), letter.At, letter.At.Kind).ShouldBe(
            ("kept-1", "{\"is\":\"a\"}", At, DateTimeKind.Utc)
        );
    }

    [SkippableFact]
    public async Task Putting_a_letter_in_twice_is_putting_it_in_once()
    {
        await Inbox.PutAsync("run", [Letter("a")], None);
        await Inbox.PutAsync("run", [Letter("a"), Letter("b")], None);
        (await Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe(["a", "b"]);
    }

    [SkippableFact]
    public async Task What_was_taken_away_is_gone_and_taken_away_again_is_not_there()
    {
        await Inbox.PutAsync("run", [Letter("a"), Letter("b")], None);
        (await Inbox.RemoveAsync(["a"], None)).ShouldBe(1);
        (await Inbox.RemoveAsync(["a"], None)).ShouldBe(0);
        (await Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe(["b"]);
    }

    [SkippableFact]
    public async Task Another_process_s_letter_is_seen()
    {
        await using var second = await OpenAsync();
        await new Inbox(second.Inbox).PutAsync("run", [Letter("a")], None);
        (await Inbox.WaitingAsync("run", None)).Length.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Letters_put_in_at_once_all_arrive_each_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => Inbox.PutAsync("run", [Letter($"l{n / 2}")], None))));
        (await Inbox.WaitingAsync("run", None))
            .Select(l => l.Arrival)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 20).Select(n => $"l{n}").Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task A_letter_may_be_empty_or_large()
    {
        byte[] large = [.. Enumerable.Range(0, 3 << 20).Select(n => (byte)n)];
        await Inbox.PutAsync("run", [Letter("a") with { Input = default }, Letter("b") with { Input = large }], None);
        var waiting = await Inbox.WaitingAsync("run", None);
        waiting[0].Input.Length.ShouldBe(0);
        waiting[1].Input.Span.SequenceEqual(large).ShouldBeTrue();
    }

    private static DateTime At { get; } = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    private static InboxMessage Letter(string arrival) => new(arrival, "kept-1", Encoding.UTF8.GetBytes($$"""{"is":"{{arrival}}"}"""), At);
}
