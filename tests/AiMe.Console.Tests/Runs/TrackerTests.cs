using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiMe.Console.Tests.Runs;

/// <summary>Exports that other programs open: MLflow's file store and Inspect AI's logs.</summary>
public sealed partial class TrackerTests(World world) : IClassFixture<World>
{
    // What a reader of version 2 needs, by path: the kinds of values. [] is each element, * each member.
    private static readonly (string Path, JsonValueKind Kind)[] s_log =
    [
        ("version", JsonValueKind.Number),
        ("status", JsonValueKind.String),
        ("eval.eval_id", JsonValueKind.String),
        ("eval.run_id", JsonValueKind.String),
        ("eval.created", JsonValueKind.String),
        ("eval.task", JsonValueKind.String),
        ("eval.task_id", JsonValueKind.String),
        ("eval.task_version", JsonValueKind.Number),
        ("eval.task_attribs", JsonValueKind.Object),
        ("eval.task_args", JsonValueKind.Object),
        ("eval.dataset.name", JsonValueKind.String),
        ("eval.dataset.samples", JsonValueKind.Number),
        ("eval.dataset.sample_ids.[]", JsonValueKind.String),
        ("eval.dataset.shuffled", JsonValueKind.False),
        ("eval.model", JsonValueKind.String),
        ("eval.model_args", JsonValueKind.Object),
        ("eval.config.epochs", JsonValueKind.Number),
        ("eval.config.epochs_reducer.[]", JsonValueKind.String),
        ("eval.packages", JsonValueKind.Object),
        ("plan.name", JsonValueKind.String),
        ("plan.steps.[].solver", JsonValueKind.String),
        ("plan.steps.[].params", JsonValueKind.Object),
        ("plan.config", JsonValueKind.Object),
        ("results.total_samples", JsonValueKind.Number),
        ("results.completed_samples", JsonValueKind.Number),
        ("results.scores.[].name", JsonValueKind.String),
        ("results.scores.[].scorer", JsonValueKind.String),
        ("results.scores.[].params", JsonValueKind.Object),
        ("results.scores.[].metrics.*.name", JsonValueKind.String),
        ("results.scores.[].metrics.*.value", JsonValueKind.Number),
        ("stats.started_at", JsonValueKind.String),
        ("stats.completed_at", JsonValueKind.String),
        ("stats.model_usage", JsonValueKind.Object),
        ("samples.[].id", JsonValueKind.String),
        ("samples.[].epoch", JsonValueKind.Number),
        ("samples.[].input", JsonValueKind.String),
        ("samples.[].target", JsonValueKind.String),
        ("samples.[].messages.[].content", JsonValueKind.String),
        ("samples.[].messages.[].source", JsonValueKind.String),
        ("samples.[].messages.[].role", JsonValueKind.String),
        ("samples.[].output.model", JsonValueKind.String),
        ("samples.[].output.choices.[].message.content", JsonValueKind.String),
        ("samples.[].output.choices.[].message.role", JsonValueKind.String),
        ("samples.[].output.choices.[].stop_reason", JsonValueKind.String),
        ("samples.[].scores.*.value", JsonValueKind.Number),
        ("samples.[].scores.*.answer", JsonValueKind.String),
        ("samples.[].metadata", JsonValueKind.Object),
        ("samples.[].store", JsonValueKind.Object),
        ("samples.[].events", JsonValueKind.Array),
        ("samples.[].attachments", JsonValueKind.Object),
        ("reductions.[].scorer", JsonValueKind.String),
        ("reductions.[].samples.[].value", JsonValueKind.Number),
        ("reductions.[].samples.[].sample_id", JsonValueKind.String),
    ];

    [Fact]
    public async Task Every_log_of_Inspect_has_the_shape_of_version_2()
    {
        var logs = await LogsAsync();

        logs.Count.ShouldBe(8);
        foreach (var log in logs)
        {
            foreach (var (path, kind) in s_log)
            {
                var found = Found(log, path.Split('.')).ToArray();
                found.ShouldNotBeEmpty(path);
                found.ShouldAllBe(f => f.ValueKind == kind, path);
            }

            log.GetProperty("version").GetInt32().ShouldBe(2);
            log.GetProperty("status").GetString().ShouldBe("success");
        }

        logs.Select(l => l.GetProperty("eval").GetProperty("eval_id").GetString()).ShouldBeUnique();
        logs.Select(l => l.GetProperty("eval").GetProperty("run_id").GetString()).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_generation_is_an_epoch_and_a_probe_a_sample_with_the_score_of_compare()
    {
        var compare = await CompareAsync();
        foreach (var log in await LogsAsync())
        {
            var name = log.GetProperty("eval").GetProperty("metadata").GetProperty("instance").GetString();
            var generations = compare
                .GetProperty("instances")
                .EnumerateArray()
                .Single(i => i.GetProperty("instance").GetString() == name)
                .GetProperty("generations");
            var epochs = log.GetProperty("samples").EnumerateArray().GroupBy(s => s.GetProperty("epoch").GetInt32()).ToArray();
            epochs.Select(e => e.Key).ShouldBe(Enumerable.Range(1, generations.GetArrayLength()));
            foreach (var epoch in epochs)
            {
                epoch.Select(s => s.GetProperty("id").GetString()).ShouldBeUnique();
                var scores = epoch.Select(s => s.GetProperty("scores")).Where(s => s.TryGetProperty("agent", out _));
                scores
                    .Average(s => s.GetProperty("agent").GetProperty("value").GetDouble())
                    .ShouldBe(generations[epoch.Key - 1].GetProperty("promptToLine").GetDouble(), 1e-12);
            }
        }
    }

    [Fact]
    public async Task MLflow_finds_the_run_its_variants_and_its_instances_one_below_the_other()
    {
        var experiment = await StoreAsync();
        Meta(experiment)["experiment_id"].ShouldBe($"\"{Path.GetFileName(experiment)}\"");
        Meta(experiment)["name"].ShouldBe("\"small\"");
        var runs = Directory.GetDirectories(experiment).ToDictionary(d => Path.GetFileName(d), StringComparer.Ordinal);
        runs.Count.ShouldBe(1 + 2 + 8);
        foreach (var (id, folder) in runs)
        {
            var meta = Meta(folder);
            meta["run_id"].ShouldBe($"\"{id}\"");
            meta["status"].ShouldBe("3");
            meta["artifact_uri"].ShouldBe($"\"{new Uri(folder).AbsoluteUri}/artifacts\"");
            long.Parse(meta["end_time"], CultureInfo.InvariantCulture)
                .ShouldBeGreaterThanOrEqualTo(long.Parse(meta["start_time"], CultureInfo.InvariantCulture));
            foreach (var kind in (string[])["params", "metrics", "tags"])
                Directory.GetFiles(Path.Combine(folder, kind)).ShouldAllBe(f => Key().IsMatch(Path.GetFileName(f)));
        }

        string? ParentOf(string id) =>
            File.Exists(Path.Combine(runs[id], "tags", "mlflow.parentRunId"))
                ? File.ReadAllText(Path.Combine(runs[id], "tags", "mlflow.parentRunId"))
                : null;
        var depths = runs.Keys.Select(id =>
            ParentOf(id) is not { } above ? 0
            : ParentOf(above) is null ? 1
            : 2
        );
        depths.Order().ShouldBe([0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
    }

    [Fact]
    public async Task MLflow_has_every_figure_of_compare_with_the_generation_as_its_step()
    {
        var (experiment, compare) = (await StoreAsync(), await CompareAsync());
        foreach (var instance in compare.GetProperty("instances").EnumerateArray())
        {
            var folder = Directory
                .GetDirectories(experiment)
                .Single(d => File.ReadAllText(Path.Combine(d, "tags", "mlflow.runName")) == instance.GetProperty("instance").GetString());
            foreach (var measure in (string[])["bareDrift", "agentDrift", "novelty", "heldOut"])
            {
                var expected = instance
                    .GetProperty("generations")
                    .EnumerateArray()
                    .Where(g => g.GetProperty(measure).ValueKind == JsonValueKind.Number)
                    .Select(g => (g.GetProperty(measure).GetDouble(), g.GetProperty("generation").GetInt32()));
                File.ReadAllLines(Path.Combine(folder, "metrics", measure))
                    .Select(l => l.Split(' '))
                    .Select(l => (double.Parse(l[1], CultureInfo.InvariantCulture), int.Parse(l[2], CultureInfo.InvariantCulture)))
                    .ShouldBe(expected);
            }

            File.ReadAllText(Path.Combine(folder, "params", "replicate")).ShouldBe(instance.GetProperty("replicate").ToString());
        }

        var artifact = Directory.GetFiles(experiment, "compare.json", SearchOption.AllDirectories).Single();
        File.ReadAllText(artifact).ShouldBe((await world.ReadAsync("compare", "--json")).Well().Output);
        using var plan = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(artifact)!, "plan.json")));
        plan.RootElement.GetProperty("replicates").GetInt32().ShouldBe(4);
    }

    [GeneratedRegex(@"^[/\w.\- ]*$")]
    private static partial Regex Key();

    private static Dictionary<string, string> Meta(string folder) =>
        File.ReadAllLines(Path.Combine(folder, "meta.yaml"))
            .Select(l => l.Split(": ", 2))
            .ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

    private static IEnumerable<JsonElement> Found(JsonElement at, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return [at];
        var rest = path[1..].ToArray();
        return path[0] switch
        {
            "[]" => at.EnumerateArray().SelectMany(e => Found(e, rest)),
            "*" => at.EnumerateObject().SelectMany(m => Found(m.Value, rest)),
            var name => at.TryGetProperty(name, out var value) ? Found(value, rest) : [],
        };
    }

    private async Task<List<JsonElement>> LogsAsync()
    {
        var folder = Path.Combine(world.NewDirectory(), "logs");
        (await world.ReadAsync("export", "small", "--as", "inspect", "--out", folder)).Well();
        return [.. Directory.GetFiles(folder, "*.json").Select(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement)];
    }

    private async Task<string> StoreAsync()
    {
        var folder = Path.Combine(world.NewDirectory(), "mlruns");
        (await world.ReadAsync("export", "small", "--as", "mlflow", "--out", folder)).Well();
        return Directory.GetDirectories(folder).Single();
    }

    private async Task<JsonElement> CompareAsync() =>
        JsonDocument.Parse((await world.ReadAsync("compare", "--json")).Well().Output).RootElement;
}
