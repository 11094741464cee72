using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>A store with a whole run of the replication <c>size</c>, made small: both models have learned eight exchanges.</summary>
public sealed class TwoSizes : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-sizes-").FullName;

    public Experiment Experiment { get; } =
        ExperimentFile
            .Load(
                Path.Combine(Repository.Config, "experiments", "replications", "size.yaml"),
                "replicates=1",
                "stimuli.count=4",
                "train.every=2",
                "train.examples=2",
                "generate.max-tokens=6",
                "model.records=8",
                "probes.set=" + Path.Combine(Repository.Config, "probes", "minimal.yaml")
            )
            .Experiment!;

    public EventStore Store { get; private set; } = null!;

    public RunPlan Plan { get; private set; } = null!;

    public string? Digest { get; private set; }

    public async Task InitializeAsync()
    {
        Store = await OpenAsync(_directory);
        var world = await PreparedModels.PrepareAsync(Experiment, Store, 1, null, null, CancellationToken.None);
        Plan = world.PlanOf(Experiment);
        Digest = await HostAsync(Plan, Store, world.Effects, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public static Task<EventStore> OpenAsync(string directory) =>
        EventStore.OpenAsync(directory, TimeProvider.System, SqliteSettings.Default, (_, _) => true, CancellationToken.None);

    /// <summary>Runs a plan and returns its digest; null if it was interrupted.</summary>
    public static async Task<string?> HostAsync(RunPlan plan, EventStore store, IEffects effects, CancellationToken interrupt) =>
        (
            await RunHost.RunAsync(
                plan,
                store,
                effects,
                new SessionOptions(1),
                new Forks.LivedStore.Quiet(),
                TimeProvider.System,
                interrupt,
                CancellationToken.None
            )
        ).Digest;

    /// <summary>Copies the files of the store, or of one of its folders.</summary>
    public void CopyTo(string directory, string folder = "")
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_directory, folder), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(directory, Path.GetRelativePath(_directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
