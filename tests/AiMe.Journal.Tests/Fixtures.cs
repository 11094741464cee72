using System.Collections.Immutable;
using System.Text;
using AiMe.Kernel;

namespace AiMe.Journal.Tests;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class FakeClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
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

    public static ImmutableArray<JournalEntry> Entries(long from, long to) => [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => Entry(n))];

    public static Task Append(this IJournal journal, PersistenceId stream, long from, long to, params ReadOnlySpan<string> tags) =>
        journal.AppendAsync(stream, Writer, Entries(from, to), [.. tags], None);

    public static async Task<long[]> Numbers(this IJournal journal, PersistenceId stream, long from = 1, long to = long.MaxValue) =>
        [.. (await journal.Rows(stream, from, to)).Select(row => row.SequenceNumber)];

    public static Task<List<JournalRow>> Rows(this IJournal journal, PersistenceId stream, long from = 1, long to = long.MaxValue) =>
        All(journal.ReadAsync(stream, from, to, None));

    public static Task<List<JournalRow>> Tagged(this IJournal journal, string tag, long after = 0) => All(journal.ReadByTagAsync(tag, after, None));

    private static async Task<List<JournalRow>> All(IAsyncEnumerable<JournalRow> rows)
    {
        var all = new List<JournalRow>();
        await foreach (var row in rows)
            all.Add(row);
        return all;
    }
}
