using AiMe.Faculties.Supervisor;
using AiMe.Hosts;
using AiMe.Lab.Tests.Analysis.Trajectories;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AiMe.Web.Tests.Report;

/// <summary>The report in the machine's own Chromium.</summary>
public sealed class AccessibilityTests
{
    private static readonly string? Chromium = new[]
    {
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    }.FirstOrDefault(File.Exists);

    // With every part that a report can have.
    private static readonly RunPlan Plan = Chronicle.Plan(6) is var plan
        ? plan with
        {
            Charters = [.. Enumerable.Range(1, 3).Select(c => new CharterPlan(plan.Charter with { Name = $"c{c}" }))],
            Interventions = [new(5, ["wild"], new InterventionAction.SwapModel())],
        }
        : throw new System.Diagnostics.UnreachableException();

    [SlowTheory]
    [InlineData(400, ColorScheme.Light)]
    [InlineData(1000, ColorScheme.Dark)]
    [InlineData(1600, ColorScheme.Light)]
    public async Task A_browser_finds_no_violation_no_error_and_nothing_wider_than_the_page(int width, ColorScheme scheme)
    {
        Skip.If(Chromium is null, "found no Chromium, expected /usr/bin/chromium (the Debian package chromium)");
        var file = Path.Combine(Directory.CreateTempSubdirectory("aime-report").FullName, "report.html");
        await File.WriteAllTextAsync(file, await Reports.HtmlAsync(Chronicle.Run(Plan)));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] }
        );
        var page = await browser.NewPageAsync(
            new BrowserNewPageOptions
            {
                ColorScheme = scheme,
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
            }
        );
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        var found = await page.RunAxe();
        found
            .Violations.Select(v => $"{v.Impact} {v.Id}: {v.Help} ({string.Join(" ", v.Nodes.Take(2).Select(n => n.Html))})")
            .ShouldBeEmpty();
        said.ShouldBeEmpty();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
