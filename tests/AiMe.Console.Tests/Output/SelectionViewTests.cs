using AiMe.Console.Output.Comparison;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Console.Tests.Output;

public sealed class SelectionViewTests
{
    private static readonly RunComparison Three = Lives.Compare(
        [0.20, 0.21, 0.22, 0.23, 0.24, 0.22],
        [0.01, 0.02, 0.01, 0.02, 0.01, 0.015]
    );
    private static readonly Selection Against = Selection.All with { Baseline = "tame" };
    private static readonly Selection Some = Selection.All with
    {
        Measures = [Measure.BareDrift, Measure.Novelty, Measure.HeldOut],
        Sort = Measure.BareDrift,
    };

    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public void A_comparison_with_a_baseline_is_the_written_page(int width) =>
        Page(width, Against).ShouldBeGolden($"compare-baseline-{width}");

    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public void Several_runs_are_the_written_table(int width) =>
        Screen.Of(width, c => RunsBlock.Write(c, [Three, Other])).ShouldBeGolden($"compare-runs-{width}");

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        foreach (var selection in new[] { Against, Some, Some with { Measures = Measure.All, Baseline = "still" } })
            Page(width, selection).Split('\n').ShouldAllBe(line => line.Length <= width);
    }

    [Fact]
    public void A_wide_table_has_a_line_a_variant_whatever_the_width() =>
        Screen
            .Of(80, c => CompareView.Write(c, Three, Selection.All, PageForm.Wide))
            .Split('\n')
            .Count(l => l.StartsWith(" wild ", StringComparison.Ordinal) && l.Length > 160)
            .ShouldBe(1);

    [Fact]
    public void Without_unicode_it_is_plain_ascii() =>
        Screen
            .Of(80, c => CompareView.Write(c, Three, Some with { Baseline = "wild" }, PageForm.Usual), unicode: false)
            .ShouldAllBe(c => c <= '~');

    [Fact]
    public void Chosen_measures_stand_in_the_order_given_and_variants_in_that_of_the_sort()
    {
        var page = Page(80, Some);

        page.IndexOf(" still ", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf(" wild ", StringComparison.Ordinal));
        page.ShouldContain("bare drift       novelty       held-out CE");
        page.ShouldContain("Sorted by bare drift, lowest first.");
    }

    [Fact]
    public void What_is_not_shown_is_named() =>
        Page(80, Selection.All with { Variants = ["wild", "tame"] }).ShouldContain("Not shown: still.");

    [Fact]
    public void Where_no_variant_passes_the_page_says_so() =>
        Page(80, Selection.All with { Filters = [RunFilter.Parse("bareDrift>5").Filter!] })
            .ShouldContain("No variant matches bareDrift>5. The run has wild, tame, still.");

    [Fact]
    public void At_birth_the_page_says_what_to_do() =>
        Screen.Of(160, c => CompareView.Write(c, Three.At(0))).ShouldContain("What to do: choose a generation from 1 to 2.");

    [Fact]
    public void An_instance_into_which_somebody_spoke_is_marked_in_its_row()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("tame"));
        var comparison = Lives.Compare(
            plan,
            Lives.Instance("wild", 1, 0.1),
            Lives.Instance("wild", 2, 0.2) with
            {
                Deeds = [new(InterventionKind.Spoke, After: 1)],
            },
            Lives.Instance("tame", 1, 0.1),
            Lives.Instance("tame", 2, 0.1)
        );

        Screen.Of(80, c => CompareView.Write(c, comparison)).ShouldContain(" 1 unplanned");
    }

    private static RunComparison Other =>
        Lives.Compare(
            Lives.Plan(6, Lives.Variant("wild"), Lives.Variant("tame"), Lives.Variant("still", train: false)) with
            {
                Run = "test-87654321",
                Seed = new Seed(2),
            },
            [
                .. Enumerable
                    .Range(1, 6)
                    .SelectMany(r =>
                        new[]
                        {
                            Lives.Instance("wild", r, 0.1 + r / 100.0),
                            Lives.Instance("tame", r, 0.02),
                            Lives.Instance("still", r, 0, RoundOutcome.Untrained, rise: 0),
                        }
                    ),
            ]
        );

    private static string Page(int width, Selection selection) =>
        Screen.Of(width, c => CompareView.Write(c, Three, selection, PageForm.Usual));
}
