using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Meanings;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.MiniLm.Tests;

/// <summary>Recorded answers by wording and by meaning, over small runs of each embedder.</summary>
public sealed class MeaningStudyTests : IAsyncLifetime
{
    private static readonly string Root = FindRoot();

    private readonly string _folder = Directory.CreateTempSubdirectory("aime-meaning-").FullName;

    private EventStore Store { get; set; } = null!;

    public async Task InitializeAsync() =>
        Store = await EventStore.OpenAsync(
            _folder,
            TimeProvider.System,
            SqliteSettings.Default,
            Processes.IsRunning,
            CancellationToken.None
        );

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("minilm")]
    public async Task The_figures_of_the_runs_own_embedder_are_those_that_the_run_recorded(string embedder)
    {
        var experiment = Small(embedder);
        var models = await PreparedModels.PrepareAsync(experiment, Store, 2, null, null, CancellationToken.None);
        (await GivenModels.RunAsync(experiment, Store, models, 2, CancellationToken.None)).Digest.ShouldNotBeNull();
        var record = await RunRecord.ReadAsync(Store.Journal, experiment.RunId, CancellationToken.None);
        record.Plan.Origin!.Embedder.ShouldBe(experiment.Model.Embedder);

        var rows = await MeaningStudy.RunAsync(Store, record, 2, CancellationToken.None);
        rows.ShouldBe(await MeaningStudy.RunAsync(Store, record, 1, CancellationToken.None));
        var comparison = RunComparison.Of(record);
        rows.Length.ShouldBeGreaterThan(3);
        foreach (var row in rows)
        {
            var round = comparison.Instances.Single(i => i.Instance == row.Instance).Rounds.Single(r => r.Round == row.Round);
            (embedder == "hash" ? row.WordNovelty : row.MeaningNovelty).ShouldBe(round.Novelty, 1e-12);
            (embedder == "hash" ? row.WordCoherence : row.MeaningCoherence).ShouldBe(round.Coherence);
            row.WordNovelty.ShouldNotBe(row.MeaningNovelty);
        }
    }

    private static Experiment Small(string embedder) =>
        ExperimentFile
            .Load(
                Path.Combine(Root, "config", "experiments", "quickstart.yaml"),
                "replicates=1",
                "stimuli.count=4",
                "train.every=4",
                "train.epochs=1",
                "model.records=200",
                "probes.set=" + Path.Combine(Root, "config", "probes", "minimal.yaml"),
                $"embedder={embedder}"
            )
            .Experiment!;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
