using System.Text;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Trajectories;
using AiMe.Web.Report;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AiMe.Web.Tests.Report;

/// <summary>From cycle 5 on, the first of round 2, wild keeps nothing; tame has the same settings and is the control.</summary>
public sealed class InterventionPartTests
{
    private static readonly RunPlan Plan = Chronicle.Plan() with
    {
        Interventions = [new(5, ["wild"], new InterventionAction.SetPolicy([new KeepNone()]))],
    };

    [Fact]
    public async Task It_says_what_begins_when_in_which_variant_beside_which_control() =>
        (await PartAsync(Plan))!
            .QuerySelector("li")!
            .TextContent.ShouldBe("Before cycle 5, in round 2 of 2: wild keeps nothing. Control: tame.");

    [Fact]
    public async Task Its_table_has_the_effects_of_the_comparison_in_the_words_of_compare()
    {
        var effects = Run(Plan).Shown.Treatments;
        var part = (await PartAsync(Plan))!;
        part.QuerySelector("h3")!.TextContent.ShouldBe("Before cycle 5: wild minus tame");
        var rows = part.QuerySelectorAll(":scope > .scroll tbody tr").ToArray();
        rows.Select(r => r.Children[0].TextContent).ShouldBe(effects.Select(e => e.Measure.Title));
        foreach (var (row, effect) in rows.Zip(effects))
        {
            var cells = row.Children.Select(c => c.TextContent.Trim()).ToArray();
            cells[1].ShouldBe(effect.Measure.Show(effect.Before, difference: true));
            cells[2].ShouldBe(effect.Measure.Show(effect.ByGeneration[2], difference: true));
            cells[3].ShouldBe(effect.Measure.Show(effect.After, difference: true));
            cells[4].ShouldBe(TestWords.P(effect.P));
            cells[5].ShouldBe($"{effect.After.N}");
        }
    }

    [Fact]
    public async Task The_change_at_every_generation_is_a_chart_with_its_numbers()
    {
        var effect = Run(Plan).Shown.Treatments.Single(e => e.Measure == Measure.BareDrift);
        var figure = (await PartAsync(Plan))!.QuerySelector("figure")!;
        EffectFigure
            .Chart(Run(Plan).Shown, Run(Plan).Shown.Treatments.Single(e => e.Measure == Measure.Acceptance), Run(Plan).Styles["wild"])
            .AreDifferences.ShouldBeTrue("a change of a share is in percentage points");
        figure.QuerySelector("desc")!.TextContent.ShouldContain($"p {TestWords.P(effect.P)}");
        var csv = Csv(figure);
        csv[0].ShouldBe("run,cycle,variant,control,measure,generation,change,low,high,n");
        csv.Skip(1)
            .Select(l => l.Split(',')[6])
            .ShouldBe(effect.ByGeneration.Select(e => e.Mean.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_chart_of_a_measure_marks_its_beginning_with_a_line_a_sentence_and_a_column()
    {
        var page = await PageAsync(Plan);
        var figure = page.GetElementById("measures")!.ParentElement!.QuerySelector("figure")!;
        figure.QuerySelector("g.events text")!.TextContent.ShouldBe("cycle 5: wild");
        var chart = MeasureFigure.Chart(Run(Plan).Shown, Measure.AgentDrift, Run(Plan).Styles);
        chart.Events.ShouldBe([new(1, "cycle 5: wild")]);
        chart.Description.ShouldEndWith(" The upright line at generation 1 is an intervention before cycle 5: wild keeps nothing.");
        MeasureFigure
            .Table(Run(Plan).Shown, Measure.BareDrift)
            .Rows.Select(r => (r[1], r[2], r[^1]))
            .ShouldBe([
                ("wild", "0", ""),
                ("wild", "1", ""),
                ("wild", "2", "from cycle 5"),
                ("tame", "0", ""),
                ("tame", "1", ""),
                ("tame", "2", ""),
                ("still", "0", ""),
                ("still", "1", ""),
                ("still", "2", ""),
            ]);
    }

    [Fact]
    public void Within_a_round_the_line_stands_between_two_generations_and_one_line_names_all_its_variants()
    {
        var plan = Plan with { Interventions = [new(7, ["tame", "wild"], new InterventionAction.SwapModel())] };
        InterventionMarks.Lines(Run(plan).Shown).ShouldBe([new(1.5, "cycle 7: wild, tame")]);
    }

    [Fact]
    public async Task A_run_without_interventions_shows_nothing_of_them()
    {
        (await PartAsync(Chronicle.Plan())).ShouldBeNull();
        var html = await Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan()));
        html.ShouldNotContain("intervention", Shouldly.Case.Insensitive);
        html.ShouldNotContain("class=\"events\"");
    }

    [Fact]
    public async Task Before_a_generation_that_it_can_change_nothing_is_marked_and_the_part_says_from_when_on()
    {
        var record = Chronicle.Run(Plan, digest: null, reached: 1);
        var page = new HtmlParser().ParseDocument(await Reports.HtmlAsync(record));
        page.QuerySelectorAll("g.events").ShouldBeEmpty();
        var part = page.GetElementById("interventions")!.ParentElement!;
        part.TextContent.ShouldContain("can change figures from generation 2 on, and generation 1 is compared");
        part.QuerySelectorAll("table").ShouldBeEmpty();
    }

    [Fact]
    public void A_selection_without_the_treated_variant_shows_nothing_and_one_without_the_control_says_so()
    {
        Run(Plan, Selection.All with { Variants = ["tame"] }).Interventions.ShouldBeEmpty();
        var alone = Run(Plan, Selection.All with { Variants = ["wild"] });
        alone.Interventions.Length.ShouldBe(1);
        alone.Shown.Treatments.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_that_the_same_rounds_show_have_their_charts_once()
    {
        var plan = Plan with { Interventions = [.. Plan.Interventions, new(7, ["wild"], new InterventionAction.SwapModel())] };
        var part = (await PartAsync(plan))!;
        part.QuerySelectorAll("h3").Length.ShouldBe(2);
        part.QuerySelectorAll("details.fold").Length.ShouldBe(1);
        part.TextContent.ShouldContain("These are the figures of the intervention before cycle 5 too");
    }

    [Fact]
    public async Task What_the_instance_is_told_is_shown_as_text()
    {
        Stimulus said = new("event-1", "</li><script>alert(1)</script>\u202E", "talk");
        var page = await PageAsync(Plan with { Interventions = [new(5, ["wild"], new InterventionAction.Say(said))] });
        page.QuerySelectorAll("script").ShouldBeEmpty();
        page.GetElementById("interventions")!.ParentElement!.TextContent.ShouldContain("</script>\\u202E");
    }

    private static ReportRun Run(RunPlan plan, Selection? selection = null)
    {
        var record = Chronicle.Run(plan);
        return ReportRun.Of(record, RunComparison.Of(record), selection ?? Selection.All, registration: null);
    }

    private static async Task<IDocument> PageAsync(RunPlan plan) =>
        new HtmlParser().ParseDocument(await Reports.HtmlAsync(Chronicle.Run(plan)));

    private static async Task<IElement?> PartAsync(RunPlan plan) => (await PageAsync(plan)).GetElementById("interventions")?.ParentElement;

    private static string[] Csv(IElement figure)
    {
        var link = figure.QuerySelector("a[download]")!.GetAttribute("href")!;
        return Encoding
            .UTF8.GetString(Convert.FromBase64String(link[(link.IndexOf(',', StringComparison.Ordinal) + 1)..]))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
