using System.Text.Json;
using AiMe.Models.Distributions;

namespace AiMe.Console.Tests.Runs;

/// <summary>A whole run with a distribution in place of a language model: same actors, same journal.</summary>
public sealed class DistributionRunTests : IDisposable
{
    private static readonly string s_data = Path.Combine(AppContext.BaseDirectory, "Data");
    private static readonly DistributionShape s_shape = new(5, Categories: 4);

    private readonly string _root = Directory.CreateTempSubdirectory("aime-distribution-").FullName;

    private string Store => Path.Combine(_root, "store");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task It_runs_is_verified_compared_replayed_and_forked()
    {
        var run = (await RunAsync(Store, "--parallel", "1")).Well();
        World.DigestOf((await RunAsync(Path.Combine(_root, "other"), "--parallel", "4")).Well()).ShouldBe(World.DigestOf(run));

        (await AimeAsync("verify")).Well();
        var measures = JsonDocument
            .Parse((await AimeAsync("compare", "--json")).Well().Lines[0])
            .RootElement.GetProperty("variants")
            .EnumerateArray()
            .Single(v => v.GetProperty("name").GetString() == "replace")
            .GetProperty("measures");
        Mean(measures, "diversity").ShouldBeInRange(0.01, 0.99);
        Mean(measures, "meanError").ShouldBeGreaterThan(0);
        measures.GetProperty("klToBirth").GetProperty("mean").ValueKind.ShouldBe(JsonValueKind.Null, "it has no tokens");
        (await AimeAsync("replay", "replace-1")).Well().Output.ShouldContain("squared error of the mean");
        (await AimeAsync("fork", "replace-1@g1", "--set", "train.data=accumulate")).Well();
        var refused = await AimeAsync("fork", "replace-1@g1", "--set", "train.method=lora");
        refused.Code.ShouldBe(2);
        refused.Errors.ShouldContain("there is no adapter and no pair");
    }

    [Fact]
    public async Task Every_answer_on_record_is_a_draw_and_every_reflection_is_empty()
    {
        (await RunAsync(Store)).Well();

        var lines = (await AimeAsync("export", "small", "--as", "experiences")).Well().Lines;
        lines.Length.ShouldBe(48, "2 variants, 2 replicates, 12 experiences");
        foreach (var line in lines)
        {
            using var experience = JsonDocument.Parse(line);
            DrawText.TryRead(s_shape, experience.RootElement.GetProperty("output").GetString(), out _).ShouldBeTrue(line);
            experience.RootElement.GetProperty("reflection").GetString().ShouldBe("");
        }
    }

    [Fact]
    public async Task What_needs_words_or_weights_is_refused_plainly()
    {
        (await RunAsync(Store)).Well();

        foreach (
            var command in (string[][])
                [
                    ["models", "sample", "replace-1@1"],
                    ["models", "export", "replace-1@1", "--out", "exported"],
                    ["recognition"],
                ]
        )
        {
            var refused = await AimeAsync(command);
            refused.Code.ShouldBe(2, refused.Errors);
            refused.Errors.ShouldContain("a distribution");
        }
    }

    [Fact]
    public async Task A_dry_run_counts_numbers()
    {
        var said = JsonDocument.Parse((await RunAsync(Store, "--dry-run")).Well().Lines[0]).RootElement;

        said.GetProperty("tokensTrainedAtMost").GetInt64().ShouldBe(5 * 2 * (4 + 4 + 4 + 4 + 8 + 12), "5 dimensions, 2 replicates");
        said.GetProperty("tokensSampled").GetInt64().ShouldBe(said.GetProperty("tokensSampledAtMost").GetInt64());
    }

    private static double Mean(JsonElement measures, string key) => measures.GetProperty(key).GetProperty("mean").GetDouble();

    private Task<Left> RunAsync(string store, params string[] options) =>
        Aime.RunAsync(
            _root,
            [
                "run",
                Path.Combine(s_data, "small.yaml"),
                "--json",
                "--store",
                store,
                "--set",
                "model={provider: distribution, family: categorical, dimensions: 5, categories: 4, records: 6}",
                "--set",
                "generate={temperature: 1, top-p: 1}",
                "--set",
                "train={every: 4, anchor: {fraction: 0}}",
                "--set",
                "variants={replace: {train: {data: replace}}, accumulate: {train: {real-examples: 6}}}",
                "--set",
                "replicates=2",
                .. options,
            ]
        );

    private Task<Left> AimeAsync(params string[] command) => Aime.RunAsync(_root, [.. command, "--store", Store]);
}
