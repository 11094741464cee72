using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>A run with a treatment that begins in mid-run: identical before it, and its effect from there on.</summary>
public sealed class InterventionTests : IDisposable
{
    private static readonly string s_small = Path.Combine(AppContext.BaseDirectory, "Data", "small.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-intervention-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Its_effect_is_shown_from_its_cycle_on_and_nothing_differs_before()
    {
        var run = (await RunAsync("store", "--parallel", "1")).Well();
        World.DigestOf((await RunAsync("other", "--parallel", "4")).Well()).ShouldBe(World.DigestOf(run));
        (await AimeAsync("verify")).Well();

        var compared = JsonDocument.Parse((await AimeAsync("compare", "--json")).Well().Lines[0]).RootElement;
        var kept = compared
            .GetProperty("interventions")
            .EnumerateArray()
            .Single(i => i.GetProperty("cycle").GetInt32() == 5 && i.GetProperty("measure").GetString() == "acceptance");
        kept.GetProperty("control").GetString().ShouldBe("control");
        kept.GetProperty("firstGeneration").GetInt32().ShouldBe(2);
        kept.GetProperty("before").GetDouble().ShouldBe(0);
        kept.GetProperty("mean").GetDouble().ShouldBe(-1);
        compared
            .GetProperty("variants")
            .EnumerateArray()
            .ShouldAllBe(v => v.GetProperty("beside").GetInt32() == 0, "what is scheduled is part of the plan");

        var page = (await AimeAsync("compare")).Well().Output;
        page.ShouldContain("Intervention before cycle 5: treated minus control");
        string.Join(' ', page.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("after the intervention before cycle 5 and the later one before cycle 9, treated minus control");
        (await AimeAsync("show", "treated-1")).Well().Output.ShouldContain("keeps nothing");
        (await AimeAsync("show", "small")).Well().Output.ShouldContain("treated answers with generation 0");
        (await AimeAsync("replay", "treated-1")).Well().Output.ShouldContain("changed as scheduled");
        (await AimeAsync("fork", "treated-1@e2", "--no-run", "--set", "curate=[keep-all, {dedupe: 0.9}]"))
            .Well()
            .Errors.ShouldContain("the plan sets the policy of treated before cycle 5, in the fork too");
    }

    private Task<Left> RunAsync(string store, params string[] options) =>
        Aime.RunAsync(
            _root,
            [
                "run",
                s_small,
                "--json",
                "--store",
                Path.Combine(_root, store),
                "--set",
                "model={provider: distribution, family: categorical, dimensions: 5, categories: 4, records: 6}",
                "--set",
                "generate={temperature: 1, top-p: 1}",
                "--set",
                "train={every: 4, anchor: {fraction: 0}}",
                "--set",
                "variants={control: {}, treated: {seeds-of: control}}",
                "--set",
                "events=[{at: {cycle: 5}, variants: [treated], set-policy: [keep-none]}, "
                    + "{at: {round: 3}, variants: [treated], swap-model: base}]",
                "--set",
                "replicates=2",
                .. options,
            ]
        );

    private Task<Left> AimeAsync(params string[] command) => Aime.RunAsync(_root, [.. command, "--store", Path.Combine(_root, "store")]);
}
