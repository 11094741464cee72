using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Trajectories;
using AiMe.Web.Report;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AiMe.Web.Tests.Report;

/// <summary>Three charters with two replicates each; the contrast is the default one, bare drift of wild and tame.</summary>
public sealed class CharterTableTests
{
    private static readonly RunPlan Plan = PlanOf(3);

    [Fact]
    public async Task Each_charter_has_its_difference_and_the_mean_has_the_interval_over_charters()
    {
        var contrast = Run(Plan).Shown.CharterContrasts.ShouldHaveSingleItem();
        var rows = (await SectionAsync(Plan))
            .QuerySelectorAll("[aria-label='Differences by charter'] tbody tr")
            .Select(r => (r.Children[0].TextContent, r.Children[1].TextContent))
            .ToArray();
        rows.ShouldBe([
            .. contrast.Charters.Select(c => (c.Charter, $"+{contrast.Measure.ShowDifference(c.Difference)}")),
            ("mean over charters", contrast.Measure.Show(contrast.Estimate, difference: true)),
            ("between charters", contrast.Measure.ShowDifference(contrast.Scatter.Between)),
            ("within charters", contrast.Measure.ShowDifference(contrast.Scatter.Within)),
        ]);
        contrast.Estimate.N.ShouldBe(3, "a charter counts once");
    }

    [Fact]
    public async Task A_plot_shows_the_mean_and_a_stroke_for_each_charter_and_says_all_in_its_description()
    {
        var contrast = Run(Plan).Shown.CharterContrasts.Single();
        CharterFigure.Chart(contrast).Rows.Single().Strokes.ShouldBe(contrast.Charters.Select(c => c.Difference));
        CharterFigure.Table(Run(Plan).Shown, contrast).Rows.Select(r => r[0]).ShouldBe(["c1", "c2", "c3"]);
        var description = (await SectionAsync(Plan)).QuerySelectorAll("desc").Last().TextContent;
        description.ShouldContain("mean over 3 charters");
        description.ShouldContain("n = 3 charters");
        description.ShouldContain($"c3 {contrast.Measure.ShowDifference(contrast.Charters[2].Difference)}");
    }

    [Fact]
    public async Task Many_charters_are_folded()
    {
        (await SectionAsync(Plan)).QuerySelectorAll("details.fold").ShouldBeEmpty();
        var fold = (await SectionAsync(PlanOf(41, each: 1))).QuerySelector("details.fold > summary")!;
        fold.TextContent.ShouldBe("All 41 charters in one table");
    }

    [Fact]
    public async Task One_charter_shows_nothing_of_it()
    {
        var section = await SectionAsync(Plan with { Charters = null });
        section.TextContent.ShouldNotContain("charter", Case.Insensitive);
    }

    [Fact]
    public async Task A_charter_of_each_variant_is_no_unit_and_has_no_table()
    {
        var plan = Plan with { Variants = [.. Plan.Variants.Select((v, i) => v with { Charter = $"c{i + 1}" })] };
        (await SectionAsync(plan)).TextContent.ShouldNotContain("By charter");
    }

    private static RunPlan PlanOf(int charters, int each = 2) =>
        Chronicle.Plan(each * charters) is var plan
            ? plan with
            {
                Charters = [.. Enumerable.Range(1, charters).Select(c => new CharterPlan(plan.Charter with { Name = $"c{c}" }))],
            }
            : plan;

    private static ReportRun Run(RunPlan plan)
    {
        var record = Chronicle.Run(plan);
        return ReportRun.Of(record, RunComparison.Of(record), Selection.All, registration: null);
    }

    private static async Task<IElement> SectionAsync(RunPlan plan) =>
        new HtmlParser().ParseDocument(await Reports.HtmlAsync(Chronicle.Run(plan))).GetElementById("contrasts")!.ParentElement!;
}
