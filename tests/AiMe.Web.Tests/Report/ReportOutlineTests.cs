using System.Text;
using AiMe.Lab.Tests.Analysis.Trajectories;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AiMe.Web.Tests.Report;

/// <summary>The outline of a small report: headings, captions, folds and links, without figures that could vary.</summary>
public sealed class ReportOutlineTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Data", "report-outline.txt");

    [Fact]
    public async Task A_report_has_the_recorded_outline()
    {
        var page = new HtmlParser().ParseDocument(await Reports.HtmlAsync(Chronicle.Run(Chronicle.Plan())));
        var outline = Of(page);
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
            await File.WriteAllTextAsync(Source(), outline);
        outline.ShouldBe(
            await File.ReadAllTextAsync(Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write" ? Source() : Golden),
            "AIME_GOLDEN=write dotnet test tests/AiMe.Web.Tests --filter ReportOutlineTests makes it again"
        );
    }

    private static string Of(IDocument page)
    {
        var outline = new StringBuilder();
        foreach (var element in page.QuerySelectorAll("h1, h2, h3, h4, figcaption, summary, caption, a[download], th[scope='col']"))
            outline.Append(element.LocalName).Append(' ').Append(Plain(element)).Append('\n');
        return outline.ToString();
    }

    private static string Plain(IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Source()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "tests", "AiMe.Web.Tests", "Data", "report-outline.txt");
    }
}
