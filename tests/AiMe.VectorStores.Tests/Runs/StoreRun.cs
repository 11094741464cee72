using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Indexes;
using AiMe.Lab.Runs.Talk;

namespace AiMe.VectorStores.Tests.Runs;

/// <summary>A small run of an experiment whose model is a distribution, which answers at once, in a store of its own.</summary>
internal sealed class StoreRun : IRuntimeObserver, IDisposable
{
    public const int Memories = 2 * Cycles * Replicates;

    private const int Cycles = 30,
        Replicates = 2;

    private readonly Lazy<Experiment> _experiment;
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-stores-").FullName;
    private int _stored;

    /// <param name="index">The value of <c>memory.index</c>.</param>
    public StoreRun(string index)
    {
        _experiment = new Lazy<Experiment>(() =>
            ExperimentFile.Load(ExperimentPath) is { Experiment: { } read } ? read : throw new InvalidOperationException(ExperimentPath)
        );
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
        await using var store = await OpenAsync();
        var (experiment, models) = await PrepareAsync(store);
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
        return outcome.Digest;
    }

    /// <summary>Hosts it, and when every instance has finished, does something before the session ends.</summary>
    public async Task HostAsync(Func<RunIndex, Task> after)
    {
        await using var store = await OpenAsync();
        var (experiment, models) = await PrepareAsync(store);
        var plan = models.PlanOf(experiment);
        await using RunConnection connection = new(store, plan, _ => Task.FromResult(models), 2, this, TimeProvider.System);
        var instances = plan.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)).ToArray();
        (await connection.TryHostAsync(instances, revive: false, CancellationToken.None)).ShouldBeTrue();
        await connection.Session!.UntilAsync(run => run.Digest is not null, CancellationToken.None);
        await after(models.Index!);
        await connection.CloseAsync(CancellationToken.None);
    }

    /// <summary>Its id.</summary>
    public string Run => _experiment.Value.RunId;

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

    private async Task<(Experiment Experiment, PreparedModels Models)> PrepareAsync(EventStore store) =>
        (_experiment.Value, await PreparedModels.PrepareAsync(_experiment.Value, store, 1, null, null, CancellationToken.None));

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
