using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A store with a whole run of three charters, two policies and two replicates, made small.</summary>
public sealed class SeveralCharters : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-charters-").FullName;

    public Experiment Experiment { get; } =
        ExperimentFile
            .Load(
                Path.Combine(Repository.Config, "experiments", "charters.yaml"),
                "charters.sample.count=3",
                "replicates=2",
                "stimuli.count=3",
                "train.every=2",
                "train.examples=2",
                "generate.max-tokens=6",
                "reflect.max-tokens=4",
                "model.records=8",
                "identity.epochs=1",
                "probes.set=" + Path.Combine(Repository.Config, "probes", "minimal.yaml")
            )
            .Experiment!;

    public EventStore Store { get; private set; } = null!;

    public RunPlan Plan { get; private set; } = null!;

    public string? Digest { get; private set; }

    public async Task InitializeAsync()
    {
        Store = await TwoSizes.OpenAsync(_directory);
        var world = await PreparedModels.PrepareAsync(Experiment, Store, 1, null, null, CancellationToken.None);
        Plan = world.PlanOf(Experiment);
        Digest = await TwoSizes.HostAsync(Plan, Store, world.Effects, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
