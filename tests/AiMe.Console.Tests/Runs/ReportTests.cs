using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>Pages and figures of a real run.</summary>
public sealed class ReportTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_report_is_one_file_that_names_its_run_and_fetches_nothing()
    {
        var file = Path.Combine(world.NewDirectory(), "report.html");
        var left = (await world.ReadAsync("report", "--out", file)).Well();
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain($"to {file}.");
        var html = await File.ReadAllTextAsync(file);
        html.ShouldStartWith("<!DOCTYPE html>");
        html.ShouldContain(World.RunOf(world.First));
        html.ShouldContain("default-src &#x27;none&#x27;");
        html.ShouldNotContain("src=\"http");
    }

    [Fact]
    public async Task A_file_that_exists_is_replaced_only_if_told()
    {
        var file = Path.Combine(world.NewDirectory(), "drift.svg");
        await File.WriteAllTextAsync(file, "mine");
        var refused = await world.ReadAsync("plot", "--measure", "bareDrift", "--out", file);
        refused.Code.ShouldBe(2);
        refused.Errors.ShouldContain("--force");
        (await File.ReadAllTextAsync(file)).ShouldBe("mine");
        (await world.ReadAsync("plot", "--measure", "bareDrift", "--out", file, "--force")).Well();
        (await File.ReadAllTextAsync(file)).ShouldContain("<svg");
    }

    [Theory]
    [InlineData("found nothing to draw, expected --measure", "--out", "x.pdf")]
    [InlineData("--out: found the ending '.gif', expected .svg, .png or .pdf", "--measure", "bareDrift", "--out", "x.gif")]
    [InlineData(
        "--width: found 'wide', expected single, double, or 50 to 500",
        "--measure",
        "bareDrift",
        "--width",
        "wide",
        "--out",
        "x.pdf"
    )]
    [InlineData("declares no survival outcome", "--survival", "--out", "x.pdf")]
    [InlineData("--font: there is no file nowhere.ttf", "--variants", "--font", "nowhere.ttf", "--out", "x.pdf")]
    [InlineData("--measure: found 'bareDraft', expected a measure", "--measure", "bareDraft", "--out", "x.pdf")]
    [InlineData("--variant: found 'nobody', expected a variant", "--variants", "--variant", "nobody", "--out", "x.pdf")]
    public async Task What_cannot_be_drawn_is_refused_with_what_was_expected(string said, params string[] line)
    {
        var left = await world.ReadAsync(["plot", .. line]);
        (left.Code, left.Output).ShouldBe((2, ""));
        left.Errors.ShouldContain(said);
    }

    [Fact]
    public async Task A_report_refuses_what_compare_refuses_in_the_same_words()
    {
        string[][] lines =
        [
            ["--baseline", "nobody"],
            ["--at", "99"],
            ["--sort", "nothing"],
            ["--filter", "bareDrift"],
        ];
        foreach (var line in lines)
        {
            var compared = await world.ReadAsync(["compare", .. line]);
            var reported = await world.ReadAsync(["report", "--out", "x.html", .. line]);
            (reported.Code, reported.Errors).ShouldBe((compared.Code, compared.Errors));
            reported.Code.ShouldBe(2);
        }
    }
}
