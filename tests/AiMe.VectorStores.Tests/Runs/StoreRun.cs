using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.VectorStores.Tests.Runs;

/// <summary>A small run of an experiment whose model is a distribution, which answers at once, in a store of its own.</summary>
internal sealed class StoreRun : IRuntimeObserver, IDisposable
{
    public const int Memories = 2 * Cycles * Replicates;

    private const int Cycles = 30,
        Replicates = 2;

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-stores-").FullName;
    private int _stored;

    /// <param name="index">The value of <c>memory.index</c>.</param>
    public StoreRun(string index)
    {
        var config = Path.Combine(Root(), "config");
        File.WriteAllText(
            ExperimentPath,
            $$"""
            name: stored
            replicates: {{Replicates}}
            charter: {{config}}/charters/aime.yaml
            model: {provider: distribution, family: gaussian, dimensions: 16}
            stimuli: {source: {{config}}/stimuli/corpus.jsonl, count: {{Cycles}}}
            probes: {set: {{config}}/probes/minimal.yaml}
            generate: {temperature: 1, top-p: 1}
            reflect: {insight-threshold: 1000000}
            memory: {recall: 2, capacity: 20, index: {{index}}}
            train: {every: 10, gate: none}
            variants:
              trained: {curate: [keep-all]}
              frozen: {train: none}

            """
        );
    }

    /// <summary>What happens after so many experiences of this process.</summary>
    public Dictionary<int, Action> After { get; } = [];

    /// <summary>Runs it to its end, or until it is interrupted.</summary>
    public async Task<string?> RunAsync(CancellationToken interrupt = default, CancellationToken now = default)
    {
        var loaded = ExperimentFile.Load(ExperimentPath);
        var experiment = loaded.Experiment ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
        await using var store = await OpenAsync();
        var models = await PreparedModels.PrepareAsync(experiment, store, 1, null, null, CancellationToken.None);
        var outcome = await RunHost.RunAsync(
            models.PlanOf(experiment),
            store,
            models.Effects,
            new SessionOptions(2, Index: models.Index),
            this,
            TimeProvider.System,
            interrupt,
            now
        );
        Run = outcome.Run;
        return outcome.Digest;
    }

    public string Run { get; private set; } = "";

    private string ExperimentPath => Path.Combine(_directory, "stored.yaml");

    public async Task<SupervisorState> StateAsync()
    {
        await using var store = await OpenAsync();
        return (await InstanceReader.ReadRunAsync(store.Journal, Run, CancellationToken.None))!;
    }

    /// <summary>What a comparison says of the run.</summary>
    public async Task<string[]> FindingsAsync()
    {
        await using var store = await OpenAsync();
        var record = await RunRecord.ReadAsync(store.Journal, Run, CancellationToken.None);
        return [.. Findings.Of(RunComparison.Of(record)).Select(f => f.Text)];
    }

    public void Happened(string instance, string faculty, Event happened)
    {
        if (happened is Stored && After.TryGetValue(Interlocked.Increment(ref _stored), out var act))
            act();
    }

    public void Refused(string instance, string faculty, Command command, string why) =>
        throw new InvalidOperationException($"{instance}/{faculty} refused {command}: {why}");

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<EventStore> OpenAsync() =>
        EventStore.OpenAsync(_directory, TimeProvider.System, SqliteSettings.Default, (_, _) => true, CancellationToken.None);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
