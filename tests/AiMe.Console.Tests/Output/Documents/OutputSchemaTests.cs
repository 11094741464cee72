using System.CommandLine;
using System.Text.Json.Nodes;
using AiMe.Console.Help;
using AiMe.Console.Output.Documents;
using AiMe.Console.Tests.Help;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.Analysis.Power;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Diff;

namespace AiMe.Console.Tests.Output.Documents;

public sealed class OutputSchemaTests
{
    private static readonly RunComparison Compared = Lives.Compare([0.1, 1 / 7.0], [0.2, 0.3]);

    private static readonly RunComparison Declared = Lives.Compare(
        Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("tame")) with
        {
            Analysis = new AnalysisPlan(
                "Does it fall silent?",
                [new DeclaredOutcome.Survival("bareDrift", Above: true, 0.15), new DeclaredOutcome.Value("heldOutRise", 0.1)],
                [new DeclaredOutcome.Value("agentDrift")],
                [new DeclaredContrast.Pair("wild", "tame", EffectDirection.Higher), new DeclaredContrast.Equivalent("wild", "tame")],
                Generation: 2,
                Alpha: 0.1,
                IntervalMethod.Student
            ),
        },
        Lives.Instance("wild", 1, 0.2),
        Lives.Instance("wild", 2, 0.3),
        Lives.Instance("tame", 1, 0.1),
        Lives.Instance("tame", 2, 0.1)
    );

    public static TheoryData<string> Names => [.. OutputSchema.Names];

    /// <summary>A document with the schema that it must fit, named as its file in Golden.</summary>
    public static TheoryData<string> Pages => [.. Documents.Keys];

    private static Dictionary<string, OutputDocument> Documents { get; } =
        new(StringComparer.Ordinal)
        {
            ["compare"] = CompareOutput.Of(Compared with { Measures = [Measure.BareDrift, Measure.Coherence] }),
            ["compare-declared"] = CompareOutput.Of(Declared with { Measures = [Measure.Empty] }),
            ["diff"] = DiffOutput.Of(Diaries.Two, Diaries.Two.Rounds[0].Pairs[1]),
            ["list"] = GoldenScreenTests.List,
            ["memory"] = MemoryAuditOutput.Of(MemoryAuditViewTests.Audit, 2),
            ["memory-match"] = MemoryMatchOutput.Of(
                MemoryAuditViewTests.Audit.Run,
                MemoryQuery.Of("clocks")!.Find(MemoryAuditViewTests.Audit).First()
            ),
            ["memory-variant"] = new MemoryVariantOutput(
                MemoryAuditViewTests.Audit.Run,
                MemoryTotalsOutput.Of(MemoryTotals.Of(MemoryAuditViewTests.Audit))
            ),
            ["power"] = PowerOutput.Of(
                PowerForecast.Of(Declared, Declared.Plan, [Measure.HeldOutRise, Measure.AgentDrift], new PowerGoal([4, 20]))
            ),
            ["show"] = GoldenScreenTests.Show,
            ["show-run"] = GoldenScreenTests.ShowRun,
            ["status"] = GoldenScreenTests.StatusOfRun,
        };

    [Fact]
    public void Every_command_with_json_output_has_a_schema() =>
        OutputSchema.Names.ShouldBe(
            All(CommandLine.Root())
                .Where(c => c.Options.Any(o => o.Name == "--json"))
                .Select(c => $"{OptionNames.Of(c).Replace(' ', '-')}-output"),
            ignoreOrder: true
        );

    [Fact]
    public void The_shipped_schema_is_what_compare_prints() =>
        File.ReadAllText(Path.Combine(HelpTests.RepositoryRoot(), "config", "schema", "compare-output.json"))
            .ShouldBe(
                OutputSchema.Text("compare-output"),
                "write it again: aime schema compare-output > config/schema/compare-output.json"
            );

    [Theory, MemberData(nameof(Names))]
    public void Every_member_says_what_it_means(string name) =>
        Schemas(Parsed(name))
            .SelectMany(s => s["properties"]?.AsObject() ?? [])
            .Where(p => p.Value!["description"]?.GetValue<string>() is not { Length: > 0 })
            .Select(p => p.Key)
            .ShouldBeEmpty();

    [Theory, MemberData(nameof(Names))]
    public void No_record_is_open_to_unknown_members(string name) =>
        Schemas(Parsed(name)).Where(s => s["properties"] is not null).ShouldAllBe(s => !s["additionalProperties"]!.GetValue<bool>());

    [Theory, MemberData(nameof(Names))]
    public void A_document_begins_with_the_version_of_its_form(string name) =>
        (Parsed(name)["anyOf"]?.AsArray() ?? [Parsed(name)]).ShouldAllBe(d =>
            d!["properties"]!.AsObject().GetAt(0).Key == "schemaVersion"
            && d["required"]!.AsArray()[0]!.GetValue<string>() == "schemaVersion"
        );

    [Theory, MemberData(nameof(Pages))]
    public void A_document_is_as_it_was(string page) => (Documents[page].ToLine() + "\n").ShouldBeGolden($"{page}-json");

    [Theory, MemberData(nameof(Pages))]
    public void A_document_fits_its_schema_and_no_longer_without_one_of_its_members(string page)
    {
        var schema = $"{page.Split('-')[0]}-output";
        var document = JsonNode.Parse(Documents[page].ToLine())!;
        OutputFits.Accepts(schema, document).ShouldBeTrue();
        document = Thinned(document)!;
        foreach (var path in Paths(document, "$").Where(p => !IsOfDictionary(p)).ToArray())
        {
            OutputFits.Accepts(schema, Changed(document, path, (owner, key) => owner.Remove(key))).ShouldBeFalse($"without {path}");
            OutputFits
                .Accepts(schema, Changed(document, path, (owner, key) => owner[key] = new JsonArray(new JsonArray())))
                .ShouldBeFalse($"{path} of another type");
            OutputFits
                .Accepts(schema, Changed(document, path, (owner, key) => owner[key + "-unknown"] = 1))
                .ShouldBeFalse($"unknown beside {path}");
        }
    }

    [Fact]
    public void What_is_undefined_is_null_and_its_member_is_there() =>
        Json["variants"]![0]!["measures"]!["coherence"]!.AsObject().ShouldContain(m => m.Key == "mean" && m.Value == null);

    [Fact]
    public void Every_digit_is_there() => Json["instances"]![3]!["generations"]![2]!["bareDrift"]!.GetValue<double>().ShouldBe(1 / 7.0);

    [Fact]
    public void Every_measure_stands_in_every_variant() =>
        Json["variants"]!
            .AsArray()
            .ShouldAllBe(v => v!["measures"]!.AsObject().Select(m => m.Key).SequenceEqual(Measure.All.Select(m => m.Key)));

    [Fact]
    public void A_measure_that_could_not_change_is_marked() =>
        Json["variants"]![2]!["measures"]!["bareDrift"]!["fixed"]!.GetValue<bool>().ShouldBeTrue();

    private static JsonNode Json => JsonNode.Parse(CompareOutput.Of(Compared).ToLine())!;

    private static JsonNode Parsed(string name) => JsonNode.Parse(OutputSchema.Text(name))!;

    private static IEnumerable<JsonObject> Schemas(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(m => Schemas(m.Value)).Prepend(o),
            JsonArray a => a.SelectMany(Schemas),
            _ => [],
        };

    // The keys of measures and traits are of the run: a schema names none of them.
    private static bool IsOfDictionary(string path) => path.Split('.') is [.., "measures" or "traits", _];

    // The first item of a list stands for all.
    private static JsonNode? Thinned(JsonNode? node) =>
        node switch
        {
            JsonObject o => new JsonObject([.. o.Select(m => KeyValuePair.Create(m.Key, Thinned(m.Value)))]),
            JsonArray a => new JsonArray([.. a.Take(1).Select(Thinned)]),
            _ => node?.DeepClone(),
        };

    private static IEnumerable<string> Paths(JsonNode? node, string path) =>
        node switch
        {
            JsonObject o => o.SelectMany(m => Paths(m.Value, $"{path}.{m.Key}").Prepend($"{path}.{m.Key}")),
            JsonArray { Count: > 0 } a => Paths(a[0], $"{path}.0"),
            _ => [],
        };

    private static JsonNode Changed(JsonNode document, string path, Action<JsonObject, string> change)
    {
        var steps = path.Split('.')[1..];
        var copy = document.DeepClone();
        change(steps[..^1].Aggregate(copy, (at, step) => at is JsonArray a ? a[int.Parse(step)]! : at[step]!).AsObject(), steps[^1]);
        return copy;
    }

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.SelectMany(c => All(c).Prepend(c)).Where(c => !c.Hidden && c.Action is not null);
}
