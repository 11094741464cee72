using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiMe.Console.Tests.Runs;

namespace AiMe.Console.Tests.View;

/// <summary>What <c>show</c>, <c>view</c> and its bundle say of the scheduled interventions and the charter of an instance.</summary>
public sealed partial class InterventionPageTests(TreatedWorld world) : IClassFixture<TreatedWorld>
{
    [Fact]
    public async Task Show_lists_the_interventions_of_an_instance_and_where_its_record_has_them()
    {
        var page = Words((await world.AimeAsync("show", "treated-2")).Well().Output);
        page.ShouldContain("charter Amir");
        page.ShouldContain("cycle 2 is told \"Are you <b>sure</b>?\" happened in cycle 2, event");
        page.ShouldContain("cycle 5 keeps nothing happened after cycle 4, event");
        page.ShouldContain("cycle 9 answers with generation 0 happened after cycle 8, event");
        (await world.AimeAsync("show", "control-2")).Well().Output.ShouldNotContain("Interventions");
    }

    [Fact]
    public async Task Show_as_JSON_has_the_same_and_the_events_are_those_of_the_record()
    {
        var shown = JsonDocument.Parse((await world.AimeAsync("show", "treated-2", "--json")).Well().Output).RootElement;
        shown.GetProperty("charter").GetString().ShouldBe("Amir");
        var all = shown.GetProperty("interventions").EnumerateArray().ToArray();
        all.Select(i => i.GetProperty("cycle").GetInt32()).ShouldBe([2, 5, 9]);
        all.ShouldAllBe(i => i.GetProperty("state").GetString() == "happened");
        var record = (await world.AimeAsync("replay", "treated-2", "--json")).Well().Lines;
        all.Select(i => ManifestOf(record[i.GetProperty("event").GetInt32() - 1]))
            .ShouldBe(["self.heard@1", "self.policy-changed@1", "self.model-changed@1"]);
        JsonDocument
            .Parse((await world.AimeAsync("show", "control-2", "--json")).Well().Output)
            .RootElement.TryGetProperty("interventions", out _)
            .ShouldBeFalse();
    }

    [Fact]
    public async Task A_fork_from_before_an_intervention_has_it_still_to_come()
    {
        var shown = JsonDocument.Parse((await world.AimeAsync("show", world.Fork, "--json")).Well().Output).RootElement;
        shown
            .GetProperty("interventions")
            .EnumerateArray()
            .Select(i => (i.GetProperty("state").GetString(), i.GetProperty("happenedAt").ValueKind))
            .ShouldBe([("happened", JsonValueKind.Number), ("pending", JsonValueKind.Null), ("pending", JsonValueKind.Null)]);
    }

    [Fact]
    public async Task The_page_of_the_run_says_what_begins_when_in_which_variants()
    {
        var page = await world.PageAsync("");
        Cells(page).ShouldContain("2|1 of 3|treated|is told \"Are you <b>sure</b>?\"");
        Cells(page).ShouldContain("5|2 of 3|treated|keeps nothing");
        Cells(page).ShouldContain("9|3 of 3|treated|answers with generation 0");
    }

    [Fact]
    public async Task The_page_of_an_instance_says_which_have_happened_with_links_to_their_events_and_names_its_charter()
    {
        var page = await world.PageAsync("/treated-2");
        page.ShouldContain(", charter Amir");
        Cells(page).ShouldContain("5|keeps nothing|happened after cycle 4, event ", Case.Sensitive);
        var link = HappenedAfterFour().Match(page);
        (await world.PageAsync($"/treated-2?event={link.Groups[1].Value}")).ShouldContain("self.policy-changed@1");

        var fork = Cells(await world.PageAsync($"/{world.Fork}"));
        fork.ShouldContain("5|keeps nothing|not yet");
        fork.ShouldContain("2|is told \"Are you <b>sure</b>?\"|happened in cycle 2");
        (await world.PageAsync("/control-2")).ShouldNotContain("Scheduled interventions");
    }

    [Fact]
    public async Task A_bundle_has_both_pages_too()
    {
        var folder = Path.Combine(world.Root, "site");
        (await world.AimeAsync("view", "--bundle", folder)).Well();
        var run = Path.Combine(folder, world.Run);
        Cells(await File.ReadAllTextAsync(Path.Combine(run, "index.html"))).ShouldContain("9|3 of 3|treated|answers with generation 0");
        var page = await File.ReadAllTextAsync(Path.Combine(run, "treated-2.html"));
        page.ShouldContain(", charter Amir");
        var link = BundledEvent().Match(page);
        page.ShouldContain($"id=\"{link.Groups[1].Value}\"");
        Cells(page).ShouldContain("5|keeps nothing|happened after cycle 4");
    }

    private static string ManifestOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("manifest").GetString()!;

    private static string Words(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    // The cells of all tables, with bars between them.
    private static string Cells(string page) =>
        WebUtility
            .HtmlDecode(Tag().Replace(Space().Replace(CellEnd().Replace(page, "|"), " "), ""))
            .Replace("| ", "|", StringComparison.Ordinal);

    [GeneratedRegex("</t[dh]>\\s*<t[dh][^>]*>")]
    private static partial Regex CellEnd();

    [GeneratedRegex("\\s+")]
    private static partial Regex Space();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex("event=(\\d+)\"[^>]*>happened after cycle 4")]
    private static partial Regex HappenedAfterFour();

    [GeneratedRegex("href=\"treated-2\\.html#(e\\d+)\"[^>]*>happened after cycle 4")]
    private static partial Regex BundledEvent();
}
