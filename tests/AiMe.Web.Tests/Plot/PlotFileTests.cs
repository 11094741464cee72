using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Trajectories;
using AiMe.Web.Plot;
using AiMe.Web.Report;
using AiMe.Web.Theme;

namespace AiMe.Web.Tests.Plot;

public sealed class PlotFileTests
{
    private static readonly ReportRun Run = Of();

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_chart_can_be_drawn_as_a_picture_of_the_right_width(bool isDark)
    {
        var png = await DrawnAsync(new PlotOptions(PlotForm.Png, 85, isDark, null), All());
        BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)).ShouldBe(1004, "85 mm at 300 dots an inch");
        Encoding.Latin1.GetString(png).ShouldContain("pHYs");
    }

    [SkippableFact]
    public async Task A_page_is_as_wide_as_asked_and_has_its_font_inside()
    {
        var pdf = Encoding.Latin1.GetString(await DrawnAsync(new PlotOptions(PlotForm.Pdf, 180, false, null), All()));
        pdf.ShouldStartWith("%PDF-");
        pdf.ShouldContain("/FontFile");
        pdf.ShouldNotContain("/Type3");
        pdf.ShouldContain("/MediaBox [0 0 510 ");
    }

    [SkippableFact]
    public async Task A_drawing_needs_no_font_and_no_style_sheet()
    {
        var svg = XDocument.Parse(
            Encoding.UTF8.GetString(await DrawnAsync(new PlotOptions(PlotForm.Svg, 85, false, null), All())).TrimStart('\uFEFF')
        );
        svg.Descendants().Select(e => e.Name.LocalName).Distinct().ShouldBeSubsetOf(["svg", "g", "path", "rect", "title", "desc"]);
        svg.Descendants().Attributes().ShouldAllBe(a => !a.Value.Contains("var(", StringComparison.Ordinal));
        svg.Root!.Attribute("width")!.Value.ShouldBe("85mm");
        svg.Descendants().Attributes("aria-label").Select(a => a.Value).ShouldContain("generation");
    }

    [Fact]
    public void Without_a_font_the_message_says_where_it_was_searched_and_what_to_do()
    {
        var empty = Directory.CreateTempSubdirectory("aime-no-fonts").FullName;
        var said = Should.Throw<PlotException>(() => FontFiles.Find(null, [empty])).Message;
        said.ShouldContain(empty);
        said.ShouldContain("--font");
        Directory.Delete(empty);
    }

    [Fact]
    public void A_font_file_that_is_not_there_is_named() =>
        Should.Throw<PlotException>(() => FontFiles.Find("nowhere.ttf", [])).Message.ShouldContain("nowhere.ttf");

    [Theory]
    [InlineData("single", 85.0)]
    [InlineData("double", 180.0)]
    [InlineData("120mm", 120.0)]
    [InlineData("62.5", 62.5)]
    [InlineData("20mm", null)]
    [InlineData("wide", null)]
    public void A_width_is_a_column_or_millimetres(string text, double? millimetres) => PlotOptions.WidthOf(text).ShouldBe(millimetres);

    [Theory]
    [InlineData(false, "#ffffff")]
    [InlineData(true, "#14171b")]
    public void Colours_come_from_the_style_sheet(bool isDark, string paper) => ThemeColours.Of("--paper", isDark).ShouldBe(paper);

    [Fact]
    public void A_colour_that_the_style_sheet_lacks_is_an_error() =>
        Should.Throw<ArgumentException>(() => ThemeColours.Resolve("var(--nothing)", isDark: false)).Message.ShouldContain("--nothing");

    private static async Task<byte[]> DrawnAsync(PlotOptions options, ImmutableArray<PlotPanel> panels)
    {
        try
        {
            FontFiles.Find(null, FontFiles.Folders);
        }
        catch (PlotException e)
        {
            Skip.If(true, e.Message);
        }

        using var file = new MemoryStream();
        (await PlotFile.WriteAsync(panels, "a figure", options, file)).ShouldBeEmpty();
        return file.ToArray();
    }

    private static ImmutableArray<PlotPanel> All() =>
        [
            PlotPanel.Of(MeasureFigure.Chart(Run.Shown, Measure.BareDrift, Run.Styles)),
            PlotPanel.Of(ForestFigures.Variants(Run.Shown, Measure.BareDrift, Run.Styles)),
            PlotPanel.Of(ForestFigures.Contrasts([.. Run.Shown.Tests.Where(t => t.Estimate.N > 0)])),
            PlotPanel.Of(ReasonFigure.Chart(Run.Reasons)),
            PlotPanel.Of(IdentityFigure.Chart(Run.Space!, Run.Styles)),
            PlotPanel.Of(Run.Trees!),
        ];

    private static ReportRun Of()
    {
        var record = Chronicle.Run(Chronicle.Plan());
        return ReportRun.Of(record, RunComparison.Of(record), Selection.All, registration: null);
    }
}
