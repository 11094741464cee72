using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class CompareCsvTests
{
    private static readonly RunComparison Three = Lives.Compare([0.1, 0.3], [0.2, 0.3]);

    [Fact]
    public void There_is_a_row_a_variant_measure_and_generation() =>
        CompareCsv.Rows(Three, from: 0).Count().ShouldBe(3 * Measure.All.Length * 3);

    [Fact]
    public void A_row_has_every_digit() =>
        CompareCsv.Rows(Three, from: 2).First().ShouldStartWith("test-12345678,wild,2,bareDrift,2,0.2,0,"); // cut at 0

    [Fact]
    public void What_is_undefined_is_empty() => CompareCsv.Rows(Three, from: 0).ShouldContain("test-12345678,wild,0,novelty,0,,,");

    [Fact]
    public void Every_row_has_as_many_fields_as_the_header()
    {
        foreach (var comparison in new[] { Three, Three.Select(Selection.All with { Baseline = "tame" }) })
            CompareCsv
                .Rows(comparison, from: 0)
                .ShouldAllBe(r => r.Split(',').Length == CompareCsv.HeaderOf(comparison.Baseline != null).Split(',').Length);
    }

    [Fact]
    public void Against_a_baseline_there_is_the_difference() =>
        CompareCsv
            .Rows(Three.Select(Selection.All with { Baseline = "tame", Measures = [Measure.BareDrift] }), from: 2)
            .First()
            .ShouldContain(",tame,2,-0.05");
}
