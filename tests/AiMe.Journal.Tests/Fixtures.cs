using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;

namespace AiMe.Journal.Tests;

/// <summary>A clock that stands still until it is told to go on; who waits for a moment waits in real time.</summary>
internal class FakeClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What elapsed, which setting the clock does not change; null for real time.</summary>
    public TimeSpan? Elapsed { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long TimestampFrequency => Elapsed is null ? base.TimestampFrequency : TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Elapsed?.Ticks ?? base.GetTimestamp();
}

/// <summary>An empty directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aime-journal-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal static class Short
{
    public static readonly WriterId Writer = new("writer-1");
    public static readonly CancellationToken None = CancellationToken.None;

    public static PersistenceId Stream(string name) => new($"run/{name}/memory");

    public static JournalEntry Entry(long sequenceNumber, string? text = null) =>
        new(sequenceNumber, "test.happened@1", Encoding.UTF8.GetBytes(text ?? $"{{\"n\":{sequenceNumber}}}"));

    public static ImmutableArray<JournalEntry> Entries(long from, long to) =>
        [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => Entry(n))];

    public static Task Append(this IJournal journal, PersistenceId stream, long from, long to) =>
        journal.AppendAsync(stream, Writer, Entries(from, to), None);

    public static async Task<long[]> Numbers(this IJournal journal, PersistenceId stream, long from = 1, long to = long.MaxValue) =>
        [.. (await journal.Rows(stream, from, to)).Select(row => row.SequenceNumber)];

    public static Task<List<JournalRow>> Rows(this IJournal journal, PersistenceId stream, long from = 1, long to = long.MaxValue) =>
        journal.ReadAsync(stream, from, to, None).ToListAsync().AsTask();

    /// <summary>Lets the calls queue up behind a transaction that is held open until all of them wait.</summary>
    public static async Task Behind(this SqliteJournal journal, IEnumerable<Func<Task>> calls)
    {
        using var taken = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var holding = journal.WriteAsync(
            0,
            _ =>
            {
                taken.Set();
                go.Wait();
                return true;
            },
            None
        );
        taken.Wait();
        var waiting = calls.Select(call => call()).ToArray();
        go.Set();
        await Task.WhenAll([holding, .. waiting]);
    }
}
