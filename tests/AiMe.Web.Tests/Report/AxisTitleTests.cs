using AiMe.Lab.Analysis.Comparison;
using AiMe.Web.Report;

namespace AiMe.Web.Tests.Report;

/// <summary>Titles of axes, which stand alone in a paper.</summary>
public sealed class AxisTitleTests
{
    public static TheoryData<string> Measures { get; } = [.. Measure.All.Select(m => m.Key)];

    [Theory]
    [MemberData(nameof(Measures))]
    public void An_axis_says_what_it_measures_without_the_abbreviations_of_tables_and_fits_beside_the_chart(string key)
    {
        var title = AxisTitle.Of(Measure.Find(key)!);
        title.Length.ShouldBeInRange(12, AxisTitle.Longest);
        foreach (var abbreviation in (string[])["CE", "gen.", "self-ref", "KL", "distinct-2"])
            title.ShouldNotContain(abbreviation, Case.Sensitive);
    }
}
