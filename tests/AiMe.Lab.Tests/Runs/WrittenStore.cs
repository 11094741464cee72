using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Journal;
using AiMe.Journal.Sqlite;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class StillClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A store of its own whose events a test writes one by one, chained as the host chains them.</summary>
internal sealed class WrittenStore : IAsyncDisposable
{
    private static readonly WriterId Writer = new("writer-1");
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-lab-").FullName;
    private readonly Dictionary<PersistenceId, (long Number, Link Head)> _ends = [];

    private WrittenStore() { }

    public StillClock Clock { get; } = new();

    public EventStore Store { get; private set; } = null!;

    public static async Task<WrittenStore> OpenAsync()
    {
        var written = new WrittenStore();
        written.Store = await EventStore.OpenAsync(
            written._directory,
            written.Clock,
            SqliteSettings.Default,
            (_, _) => false,
            CancellationToken.None
        );
        return written;
    }

    public async Task AppendAsync(string run, FacultyAddress address, params Event[] events)
    {
        var stream = PersistenceId.Of(run, address);
        foreach (var happened in events)
        {
            var (number, head) = _ends.GetValueOrDefault(
                stream,
                (0, Link.Before(address.Instance == FacultyAddress.Run ? Loop.Supervisor : address.Faculty))
            );
            var (manifest, data) = (FacultyEvents.Codec.ManifestOf(happened), FacultyEvents.Codec.Write(happened));
            var link = head.Next(number + 1, number + 1, manifest, data);
            await Store.Journal.AppendAsync(
                stream,
                Writer,
                [new JournalEntry(number + 1, manifest, new EventEnvelope(number + 1, data, link).Write())],
                CancellationToken.None
            );
            _ends[stream] = (number + 1, link);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>Experiences.</summary>
internal static class Experiences
{
    public static Stored Of(int cycle, Verdict verdict = Verdict.Keep, string topic = "talk", double alignment = 0.5) =>
        new(
            $"Question {cycle}?",
            $"Answer {cycle}.",
            $"Thought {cycle}.",
            new DateTime(2026, 1, 1, 0, cycle, 0, DateTimeKind.Utc),
            MemoryId.OfCycle(cycle),
            cycle,
            (cycle - 1) / 4 + 1,
            topic,
            Internal: false,
            [],
            Scores.Undefined with
            {
                Alignment = alignment,
            },
            0.5,
            3,
            verdict,
            [],
            new ModelId("base"),
            Prompt.Bare(Analysis.Comparison.Lives.Plan(1).Charter, new Stimulus($"s{cycle}", $"Question {cycle}?", topic)),
            new Embedding([1, 0]),
            Heads.None
        );
}
