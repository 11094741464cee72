using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Journal;
using AiMe.VectorStores.Indexing;

namespace AiMe.VectorStores.Tests.Indexing;

/// <summary>The Memory of an instance with random memories, and its stream in a journal.</summary>
internal sealed class RememberingInstance
{
    private static readonly DateTime s_epoch = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly WriterId s_writer = WriterId.Of(new string('0', WriterId.Digits));

    private readonly Random _random;
    private readonly MemorySettings _settings;
    private readonly int _dimensions;
    private readonly InMemoryJournal _journal = new(TimeProvider.System);
    private readonly List<float[]> _centres = [];
    private MemoryState _state;
    private long _events;

    public RememberingInstance(int seed, MemorySettings? settings = null, int dimensions = 32)
    {
        (_random, _dimensions) = (new Random(seed), dimensions);
        _settings = settings
            ?? new(Recall: 2, Recency: 1, Importance: 1, Relevance: 1, Decay: .995, Capacity: 100_000, ForgetPolicy.Weakest);
        _state = MemoryDecider.Initial with { Instance = "aligned-1", Settings = _settings, Every = 24 };
        for (var i = 0; i < 8; i++)
            _centres.Add([.. Enumerable.Range(0, dimensions).Select(_ => (float)(_random.NextDouble() - .5))]);
    }

    public InstanceKey Key { get; init; } = new("run-1", "aligned-1");

    public MemoryState State => _state;

    public MemoryView View => new(Key.Instance, _settings, _state.Items, s_epoch.AddMinutes(_state.Cycle + 1));

    public Func<string, CancellationToken, Task<MemoryRecords>> RecordsOf =>
        (_, _) => Task.FromResult(new MemoryRecords(_journal, Key, "aligned"));

    /// <summary>Lives so many cycles: recalls, stores, now and then an insight, a rejection, a repetition or an empty text.</summary>
    public async Task LiveAsync(int cycles)
    {
        for (var i = 0; i < cycles; i++)
        {
            var cycle = _state.Cycle + 1;
            var at = s_epoch.AddMinutes(cycle);
            if (_state.Items.Length > 0 && _random.Next(3) == 0)
                await HappenAsync(
                    new Recalled(
                        RecallFor.OfCycle(cycle),
                        at,
                        [
                            [Hit(_state.Items[_random.Next(_state.Items.Length)])],
                        ]
                    )
                );
            if (_random.Next(12) == 0)
                await HappenAsync(
                    new InsightStored(new Insight(MemoryId.OfInsight(cycle), $"insight {cycle}", [], _random.Next(1, 11)), at, Vector())
                );
            await HappenAsync(Experience(cycle, at));
        }
    }

    /// <summary>Recalls so many different ones at once.</summary>
    public Task RecallAsync(int count) =>
        HappenAsync(
            new Recalled(
                RecallFor.OfCycle(_state.Cycle + 1),
                s_epoch.AddMinutes(_state.Cycle + 1),
                [
                    [.. Any(count).Select(Hit)],
                ]
            )
        );

    /// <summary>Forgets so many.</summary>
    public Task ForgetAsync(int count) => HappenAsync(new Forgot([.. Any(count).Select(i => i.Id)]));

    public async Task HappenAsync(MemoryEvent happened)
    {
        EventEnvelope row = new(++_events, FacultyEvents.Codec.Write(happened), Link.Before(Loop.Memory));
        await _journal.AppendAsync(
            PersistenceId.Of(Key.Run, new FacultyAddress(Key.Instance, Loop.Memory)),
            s_writer,
            [new JournalEntry(_events, FacultyEvents.Codec.ManifestOf(happened), row.Write())],
            CancellationToken.None
        );
        _state = MemoryDecider.Evolve(_state, happened);
    }

    /// <summary>A random direction near one of a few, as texts on a few topics have; now and then that of a memory, or none.</summary>
    public Embedding Vector()
    {
        if (_random.Next(20) == 0)
            return Embedding.Undirected(_dimensions);
        if (_random.Next(10) == 0 && !_state.Items.IsEmpty)
            return _state.Items[_random.Next(_state.Items.Length)].Embedding;
        var centre = _centres[_random.Next(_centres.Count)];
        return Embedding.From([.. centre.Select(x => x + (float)(_random.NextDouble() - .5) / 2)]);
    }

    private IEnumerable<MemoryItem> Any(int count) => _state.Items.OrderBy(_ => _random.Next()).Take(count).ToArray();

    private static Hit Hit(MemoryItem item) => new(item.Id, item.Text, 1, 1, 1, 1);

    private Stored Experience(int cycle, DateTime at) =>
        new(
            $"input {cycle}",
            $"output {cycle}",
            "",
            at,
            MemoryId.OfCycle(cycle),
            cycle,
            (cycle - 1) / 24 + 1,
            "topic",
            Internal: false,
            [],
            Scores.Undefined,
            Novelty: 1,
            _random.Next(4, 30) / 3.0,
            _random.Next(5) switch
            {
                0 => Verdict.Reject,
                1 => Verdict.Hold,
                _ => Verdict.Keep,
            },
            [],
            new ModelId("m"),
            new Prompt([]),
            Vector(),
            Heads.None
        );
}
