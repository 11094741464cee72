using System.Text.Json.Nodes;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Tests.Experiments.Schema;

/// <summary>Every number of a file has both bounds, and an extreme one gives a refusal or a sound plan.</summary>
public sealed class NumberBoundTests : IDisposable
{
    private static readonly string[] Extremes =
    [
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-1",
        "0",
        "1e-320",
        "1e308",
        "-1e308",
        "1e999",
        "NaN",
        ".nan",
        "Infinity",
        "-Infinity",
        "999999999999M",
        "1e308%",
        "''",
    ];

    private readonly Study _study = new();

    public static TheoryData<string> Names => [.. ExperimentSchema.Names];

    /// <summary>Each key of an experiment that takes a number, of the experiment and of a variant.</summary>
    public static TheoryData<string> NumericKeys =>
        [.. Numbers(Parsed("experiment"), "").Select(n => n.Path).Where(p => !p.Contains("[]", StringComparison.Ordinal)).Distinct()];

    public void Dispose() => _study.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_of_a_schema_has_both_bounds(string name) =>
        Numbers(Parsed(name), "")
            .Where(n =>
                (n.Schema["minimum"] ?? n.Schema["exclusiveMinimum"]) is null
                || (n.Schema["maximum"] ?? n.Schema["exclusiveMaximum"]) is null
            )
            .Select(n => n.Path)
            .ShouldBeEmpty();

    [Fact]
    public void The_walk_finds_the_numbers_of_all_sections() => NumericKeys.Count.ShouldBeGreaterThan(60);

    [Theory]
    [MemberData(nameof(NumericKeys))]
    public void An_extreme_number_gives_a_refusal_in_words_or_a_sound_plan(string key)
    {
        foreach (var extreme in Extremes)
            ShouldBeRefusedOrSound($"{key.Replace("*", "keep-all", StringComparison.Ordinal)}={extreme}");
    }

    [Theory]
    [InlineData("{random: X}")]
    [InlineData("{dedupe: X}")]
    [InlineData("{min: {score: quality, at-least: X}}")]
    [InlineData("{top: {score: quality, fraction: X}}")]
    [InlineData("{top: {score: quality, fraction: 0.5, window: X}}")]
    [InlineData("{novelty: {min: X}}")]
    [InlineData("{novelty: {min: 0, max: X}}")]
    public void So_does_an_extreme_number_of_a_rule(string rule)
    {
        foreach (var extreme in Extremes)
            ShouldBeRefusedOrSound($"curate=[{rule.Replace("X", extreme, StringComparison.Ordinal)}]");
    }

    [Theory]
    [InlineData("train.data=window(2147483647)")]
    [InlineData("train.data=window(0)")]
    [InlineData("tick=999999999d")]
    [InlineData("model.timeout=999999999h")]
    [InlineData("epoch=9999-12-31")]
    public void And_one_within_a_text(string set) => ShouldBeRefusedOrSound(set);

    [Theory]
    [InlineData("budget.tokens", "1000000M", "a whole number from 0 to 999999999999, optionally followed by k or M")]
    [InlineData("replicates", "2000000000", "a whole number from 1 to 1000000")]
    [InlineData("memory.recency", "1e308", "a number in [0, 1000000]")]
    [InlineData("train.gate.heldout-rise", "1e308", "a fraction in [0, 1000] or a percentage, or none")]
    public void A_refusal_tells_both_bounds(string key, string value, string expected) =>
        _study
            .Load([.. Hosted(key), $"{key}={value}"])
            .Problems.ShouldContain(p => p.Text.StartsWith($"found '{value}', expected {expected}", StringComparison.Ordinal));

    private void ShouldBeRefusedOrSound(string set)
    {
        var key = set[..set.IndexOf('=', StringComparison.Ordinal)];
        var loaded = _study.Load([.. Hosted(key), .. Method(key), set]);
        if (loaded.Experiment is not { } experiment)
        {
            loaded.Problems.ShouldContain(p => p.Severity == Severity.Error && p.Text.Length > 0, set);
            return;
        }

        PlanIsSound.ShouldHold(experiment, set);
    }

    // Keys of a hosted model are read only with one, and those of a method only with that method.
    private static string[] Hosted(string key) =>
        key.StartsWith("budget", StringComparison.Ordinal) || key.Contains("per-minute", StringComparison.Ordinal) || OfOpenAi(key)
            ?
            [
                "model={provider: openai, chat: c, embeddings: e, prices: {input: 1, output: 1, embeddings: 1, training: 1}}",
                "variants.keep-all.train={backend: openai}",
                "reflect.max-tokens=200",
            ]
            : [];

    private static bool OfOpenAi(string key) =>
        key.EndsWith("learning-rate-multiplier", StringComparison.Ordinal)
        || key.EndsWith("batch-size", StringComparison.Ordinal)
        || key.StartsWith("model.", StringComparison.Ordinal) && key is not ("model.records" or "model.seed");

    private static string[] Method(string key) =>
        key.Split('.')[^1] is "rank" or "alpha" or "beta" ? ["train.method=dpo", "variants.keep-all.train={method: dpo}"] : [];

    private static JsonObject Parsed(string name) => JsonNode.Parse(ExperimentSchema.Text(name))!.AsObject();

    private static IEnumerable<(string Path, JsonObject Schema)> Numbers(JsonNode? node, string path)
    {
        if (node is JsonArray list)
            return list.SelectMany(item => Numbers(item, path));
        if (node is not JsonObject schema)
            return [];
        IEnumerable<(string, JsonObject)> own =
            schema["type"] is JsonValue type && type.ToString() is "integer" or "number" ? [(path, schema)] : [];
        return own.Concat(
                (schema["properties"] as JsonObject ?? []).SelectMany(p => Numbers(p.Value, path.Length == 0 ? p.Key : $"{path}.{p.Key}"))
            )
            .Concat(Numbers(schema["anyOf"], path))
            .Concat(Numbers(schema["oneOf"], path))
            .Concat(Numbers(schema["items"], $"{path}[]"))
            .Concat(Numbers(schema["additionalProperties"], $"{path}.*"));
    }
}
