using System.Security.Cryptography;
using System.Text;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Trajectories;
using AiMe.Web.Report;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AiMe.Web.Tests.Report;

/// <summary>The page as a browser reads it.</summary>
public sealed class ReportPageTests
{
    private static readonly Lazy<Task<string>> s_html = new(() => Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan())));

    // The run has no interventions.
    private static ReportPart[] Parts => [.. ReportPart.All.Where(p => p.Key != "interventions")];

    private static async Task<IDocument> PageAsync() => new HtmlParser().ParseDocument(await s_html.Value);

    [Fact]
    public async Task The_parts_stand_in_their_order_and_the_contents_lead_to_each()
    {
        var page = await PageAsync();
        page.QuerySelectorAll("main h2").Select(h => h.TextContent).ShouldBe(Parts.Select(p => p.Title));
        foreach (var link in page.QuerySelectorAll("nav a"))
            page.GetElementById(link.GetAttribute("href")![1..]).ShouldNotBeNull();
    }

    [Fact]
    public async Task Declared_predictions_stand_above_the_contrasts_with_what_was_found_and_the_verdict()
    {
        var plan = Chronicle.Plan() with
        {
            Analysis = new AnalysisPlan(null, [], [], [], null, 0.05, IntervalMethod.Student)
            {
                Predict = [new("bareDrift", new PredictedNumber.LevelOf("wild"), PredictedSide.Higher, 0.9)],
            },
        };

        var page = new HtmlParser().ParseDocument(await Reports.HtmlAsync(Chronicle.Run(plan)));

        var part = page.GetElementById("contrasts")!.ParentElement!;
        var cells = part.QuerySelectorAll("table").First().QuerySelectorAll("tbody tr").ShouldHaveSingleItem().Children;
        cells[0].TextContent.ShouldBe("bare drift of wild");
        cells[2].TextContent.ShouldBe("above 0.900");
        cells[5].TextContent.ShouldBe("not reproduced");
        part.TextContent.ShouldContain("Predictions: not reproduced.");
    }

    [Fact]
    public async Task Headings_skip_no_level_and_there_is_one_first()
    {
        var levels = (await PageAsync()).QuerySelectorAll("h1, h2, h3, h4, h5, h6").Select(h => h.LocalName[1] - '0').ToArray();
        levels.Count(l => l == 1).ShouldBe(1);
        levels.Zip(levels.Skip(1), (a, b) => b - a).ShouldAllBe(step => step <= 1);
    }

    [Fact]
    public async Task Nothing_is_fetched_and_nothing_runs()
    {
        var page = await PageAsync();
        page.QuerySelectorAll("script, link, iframe, object, embed, form, img, [style], base").ShouldBeEmpty();
        page.QuerySelectorAll("*").SelectMany(e => e.Attributes).ShouldAllBe(a => !a.Name.StartsWith("on"));
        page.QuerySelectorAll("[href]")
            .Select(e => e.GetAttribute("href")!)
            .ShouldAllBe(h => h.StartsWith('#') || h.StartsWith("data:text/csv;"));
    }

    [Fact]
    public async Task The_policy_allows_the_style_sheet_in_the_file_by_its_hash_and_no_more()
    {
        var page = await PageAsync();
        var style = page.QuerySelectorAll("style").ShouldHaveSingleItem().TextContent;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        var policy = page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")!;
        policy.ShouldBe($"default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'");
    }

    [Fact]
    public async Task Every_table_says_which_cells_are_headers_and_every_chart_has_its_numbers()
    {
        var page = await PageAsync();
        page.QuerySelectorAll("th").ShouldAllBe(h => h.GetAttribute("scope") == "col" || h.GetAttribute("scope") == "row");
        foreach (var figure in page.QuerySelectorAll("figure"))
        {
            figure.QuerySelectorAll("svg.chart").ShouldHaveSingleItem();
            figure.QuerySelectorAll("details.numbers table tbody tr").ShouldNotBeEmpty();
            figure.QuerySelectorAll("a[download$='.csv']").ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task Anchors_are_unique_and_the_page_names_its_language()
    {
        var page = await PageAsync();
        page.DocumentElement.GetAttribute("lang").ShouldBe("en");
        var ids = page.QuerySelectorAll("[id]").Select(e => e.Id!).ToArray();
        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public async Task The_first_part_names_the_variant_that_drifted_least() =>
        (await PageAsync()).QuerySelector(".answer li")!.TextContent.ShouldContain("Of the 2 trained variants tame (");

    [Fact]
    public async Task A_run_in_progress_says_so()
    {
        var html = await Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan(), digest: null, reached: 1));
        html.ShouldContain("The run is in progress.");
    }

    [Fact]
    public async Task A_run_without_a_trained_generation_has_a_report_too() =>
        (await Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan(), digest: null, reached: 0))).ShouldContain(
            "no trained generation to compare yet"
        );

    [Fact]
    public async Task Several_runs_stand_side_by_side_with_unique_anchors()
    {
        var other = Chronicle.Run(Chronicle.Plan() with { Run = "other-87654321" });
        var page = new HtmlParser().ParseDocument(await Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan()), other));
        page.QuerySelectorAll("article > h2").Select(h => h.TextContent).ShouldBe(["test-12345678", "other-87654321"]);
        page.QuerySelectorAll("article h3").Length.ShouldBe(2 * Parts.Length);
        var ids = page.QuerySelectorAll("[id]").Select(e => e.Id!).ToArray();
        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public async Task The_same_run_gives_the_same_bytes() =>
        (await Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan()))).ShouldBe(await s_html.Value);

    [Fact]
    public async Task A_report_of_a_hundred_instances_is_small()
    {
        var plan = Chronicle.Plan(25) with { Variants = [.. Chronicle.Plan().Variants, Lives.Variant("more")] };
        (await Reports.HtmlAsync(Chronicle.Run(plan))).Length.ShouldBeLessThan(5_000_000);
    }
}
