using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class SelectionTests
{
    private static readonly double[] High = [0.20, 0.21, 0.22, 0.23, 0.24, 0.22];
    private static readonly double[] Low = [0.01, 0.02, 0.01, 0.02, 0.01, 0.015];
    private static readonly RunComparison Three = Lives.Compare(High, Low);

    [Theory]
    [InlineData("wild", "wild", true)]
    [InlineData("w*d", "wild", true)]
    [InlineData("w*l*d*", "wild", true)]
    [InlineData("wi?d", "wild", true)]
    [InlineData("wild", "wilder", false)]
    [InlineData("*x", "wild", false)]
    [InlineData("wild?", "wild", false)]
    [InlineData("W*", "wild", false)]
    public void A_pattern_fits_a_whole_name(string pattern, string name, bool fits) => Glob.Fits(pattern, name).ShouldBe(fits);

    [Theory]
    [InlineData("variant=t*", new[] { "tame" })]
    [InlineData("variant!=t*", new[] { "wild", "still" })]
    [InlineData("bareDrift>0.1", new[] { "wild" })]
    [InlineData("bareDrift <= 0.1", new[] { "tame", "still" })]
    [InlineData("bare drift > 0.1", new[] { "wild" })]
    [InlineData("heldOutRise>=1%", new[] { "wild", "tame" })]
    [InlineData("heldOutRise<0.01", new[] { "still" })]
    [InlineData("coherence<5", new string[0])] // undefined here: neither above nor below
    public void A_filter_lets_variants_through(string text, string[] names) =>
        Names(Selection.All with { Filters = [RunFilter.Parse(text).Filter.ShouldNotBeNull()] }).ShouldBe(names);

    [Theory]
    [InlineData("wild", "expected variant=<name>")]
    [InlineData("variant<wild", "expected variant=<name> or variant!=<name>")]
    [InlineData("bareDrft>1", "did you mean 'bareDrift'?")]
    [InlineData("bareDrift>much", "found 'much', expected a number")]
    [InlineData("bareDrift=0.1", "never exactly a number")]
    public void A_filter_that_cannot_be_read_says_why(string text, string said) =>
        RunFilter.Parse(text).Problem.ShouldNotBeNull().ShouldContain(said);

    [Theory]
    [InlineData("bareDrift")]
    [InlineData("BAREDRIFT")]
    [InlineData("bare drift")]
    [InlineData("bare-drift")]
    public void A_measure_has_its_key_and_its_title(string name) => Measure.Find(name).ShouldBe(Measure.BareDrift);

    [Fact]
    public void Variants_are_sorted_by_their_mean() =>
        Names(Selection.All with { Sort = Measure.BareDrift }).ShouldBe(["still", "tame", "wild"]);

    [Fact]
    public void Descending_turns_the_order_around_and_leaves_ties_in_the_order_of_the_file() =>
        Names(Selection.All with { Sort = Measure.HeldOutRise, Descending = true }).ShouldBe(["wild", "tame", "still"]);

    [Fact]
    public void What_is_shown_changes_no_p_and_no_family()
    {
        var plan = Lives.Plan(6, Lives.Variant("a"), Lives.Variant("b"), Lives.Variant("c"));
        var whole = Lives.Compare(
            plan,
            [
                .. High.Select((d, i) => Lives.Instance("a", i + 1, d)),
                .. Low.Select((d, i) => Lives.Instance("b", i + 1, d)),
                .. Low.Select((d, i) => Lives.Instance("c", i + 1, d * 2)),
            ]
        );

        var part = whole.Select(Selection.All with { Variants = ["a", "b"] });

        part.Declared.ShouldHaveSingleItem().CorrectedP.ShouldBe(whole.Pair("a", "b", Measure.BareDrift).CorrectedP);
        part.Family.ShouldBe(3);
        Lives.Words(part).ShouldContain("corrected for 3 primary tests");
    }

    [Fact]
    public void A_baseline_is_shown_whatever_the_filters() =>
        Names(Selection.All with { Variants = ["wild"], Baseline = "still" }).ShouldBe(["wild", "still"]);

    [Fact]
    public void Every_other_variant_is_compared_with_the_baseline_and_it_with_none()
    {
        var against = Three.Select(Selection.All with { Baseline = "wild" });

        against.Pairs.ShouldAllBe(p => p.Second == "wild");
        against
            .Against("tame", Measure.BareDrift)!
            .Difference.Mean.ShouldBe(Three.Pair("wild", "tame", Measure.BareDrift).Difference.Mean * -1, 1e-12);
        against.Against("tame", Measure.BareDrift)!.P.ShouldBe(Three.Pair("wild", "tame", Measure.BareDrift).P);
        against.Against("wild", Measure.BareDrift).ShouldBeNull();
    }

    [Fact]
    public void The_words_follow_the_baseline()
    {
        var words = Lives.Words(Three.Select(Selection.All with { Baseline = "still" }));

        words.ShouldContain("wild against still, replicate by replicate (exploratory): higher in agent drift +0.220");
        words.ShouldNotContain("wild minus tame");
    }

    [Fact]
    public void The_words_follow_the_filter() =>
        Lives.Words(Three.Select(Selection.All with { Variants = ["tame", "still"] })).ShouldNotContain("wild");

    [Fact]
    public void An_effect_size_against_what_cannot_change_is_undefined() =>
        Three.Select(Selection.All with { Baseline = "still" }).Against("wild", Measure.BareDrift)!.Effect.G.Mean.ShouldBe(double.NaN);

    [Fact]
    public void An_effect_size_is_of_the_differences_within_replicates()
    {
        var effect = Three.Select(Selection.All with { Baseline = "tame" }).Against("wild", Measure.BareDrift)!.Effect;

        effect.Superiority.ShouldBe(1);
        effect.G.Low.ShouldBeGreaterThan(0);
        effect.G.N.ShouldBe(6);
    }

    [Fact]
    public void At_an_earlier_generation_nothing_is_declared_and_it_says_so()
    {
        var earlier = Three.At(1);

        earlier.Variants[0].Last(Measure.BareDrift).Mean.ShouldBe(0.11, 1e-12);
        earlier.Declared.ShouldBeEmpty();
        Lives.Words(earlier).ShouldContain("Generation 1 was selected instead of generation 2, for which the tests were declared");
    }

    [Fact]
    public void At_the_last_generation_it_is_the_same_comparison() =>
        Three.At(2).Declared.Select(p => p.CorrectedP).ShouldBe(Three.Declared.Select(p => p.CorrectedP));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_generation_beyond_the_last_is_refused(int generation) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Three.At(generation));

    [Fact]
    public void An_instance_into_which_somebody_spoke_is_named()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        var comparison = Lives.Compare(
            plan,
            Lives.Instance("wild", 1, 0.1),
            Lives.Instance("wild", 2, 0.2) with
            {
                Deeds = [.. Enumerable.Repeat(new Intervention(InterventionKind.Spoke, After: 1), 3)],
            }
        );

        Lives.Words(comparison).ShouldContain("1 instance of 2 received unplanned input (wild-2: 3 experiences)");
    }

    private static IEnumerable<string> Names(Selection selection) => Three.Select(selection).Variants.Select(v => v.Name);
}
