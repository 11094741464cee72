using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Nano;
using AiMe.Nano.Tests;

namespace AiMe.Lab.Tests.Runs.Checkpoints;

/// <summary>A store with a whole run whose generation 0 is a small chat model of a folder, its weights random.</summary>
public sealed class ChatRun : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-chat-").FullName;

    public string Folder => Path.Combine(_directory, "model");

    public Experiment Experiment { get; private set; } = null!;

    public EventStore Store { get; private set; } = null!;

    public RunPlan Plan { get; private set; } = null!;

    public string? Digest { get; private set; }

    public static NanoConfig Shape { get; } = new(400, 32, 2, 2, 48, 256) { KeyValueHeads = 1 };

    public async Task InitializeAsync()
    {
        HuggingFaceFolder.Write(Folder, AiMe.Nano.Weights.Initialise(Shape, 5), "BF16", 2);
        Experiment = Load().Experiment!;
        Store = await TwoSizes.OpenAsync(Path.Combine(_directory, "store"));
        (Plan, Digest) = await RunAsync(Store);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The quickstart, made small, over the folder.</summary>
    public Loaded Load(params string[] sets)
    {
        var file = Path.Combine(_directory, "chat.yaml");
        File.WriteAllText(
            file,
            $$"""
            name: chat
            seed: 3
            replicates: 1
            charter: {{Repository.Config}}/charters/aime.yaml
            model: {provider: nano, checkpoint: model, corpus: {{Repository.Config}}/corpora/aime-2.yaml, records: 50}
            stimuli: {source: {{Repository.Config}}/stimuli/daily.jsonl, count: 6}
            generate: {max-tokens: 8}
            reflect: {max-tokens: 6, insight-threshold: 20}
            train: {every: 3, examples: 4}
            probes: {set: {{Repository.Config}}/probes/minimal.yaml}
            variants:
              keep-all: {curate: [keep-all]}
            """
        );
        return ExperimentFile.Load(file, sets);
    }

    public async Task<(RunPlan Plan, string? Digest)> RunAsync(EventStore store)
    {
        var world = await PreparedModels.PrepareAsync(Experiment, store, 1, null, null, CancellationToken.None);
        var plan = world.PlanOf(Experiment);
        return (plan, await TwoSizes.HostAsync(plan, store, world.Effects, CancellationToken.None));
    }
}
