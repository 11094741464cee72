using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

/// <summary>Golden values: an independent program, which takes the noncentral t as a Poisson mixture of incomplete beta functions (Lenth 1989).</summary>
public sealed class EffectSizeTests
{
    [Theory]
    [InlineData(1, 4, 0.5, 0.6607605140256818)]
    [InlineData(2, 4, 1, 0.7645674538243245)]
    [InlineData(0, 9, 1.5, 0.06680720126885809)]
    [InlineData(-1.5, 2, 0.7, 0.04403970449923256)]
    [InlineData(10, 4, 8, 0.6308339336559532)]
    [InlineData(3, 19, -1, 0.9998369224688728)]
    [InlineData(1.5, 1, 2, 0.26293509619812566)]
    [InlineData(40, 9, 38, 0.5219167223090528)]
    public void The_noncentral_t_is_that_of_another_algorithm(double t, int degrees, double delta, double p) =>
        NoncentralT.Cdf(t, degrees, delta).ShouldBe(p, 1e-10);

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(2.776445105197793, 4)]
    [InlineData(-1.2, 30)]
    [InlineData(0.9, 5000)]
    public void Without_noncentrality_it_is_Student_s(double t, int degrees) =>
        NoncentralT.Cdf(t, degrees, 0).ShouldBe(MathNet.Numerics.Distributions.StudentT.CDF(0, 1, degrees, t), 1e-10);

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, 1.5138795132120957, 0.2656744676215824, 2.7184482413333058)]
    [InlineData(new double[] { 0.012, -0.003, 0.02, 0.007, 0.024 }, 0.8947847303792836, -0.05363488461705346, 1.7861573173099092)]
    [InlineData(new double[] { 0.1, -0.2, 0.05 }, -0.05850373448090987, -0.6925384274684991, 0.5887318437823394)]
    [InlineData(new double[] { 0.31, 0.29, 0.33, 0.30, 0.28, 0.32, 0.31, 0.3 }, 16.893700766443196, 8.274904795487007, 25.570365607981515)]
    [InlineData(
        new double[] { -1, -3, 2, -4, 0, -2, -6, 1, -2, -1, -3, -1 },
        -0.7083393297042807,
        -1.2981732385003981,
        -0.09425050867550708
    )]
    public void Hedges_g_z_is_that_of_another_algorithm(double[] differences, double g, double low, double high)
    {
        var interval = HedgesGz.Interval(differences, 0.95);

        interval.Mean.ShouldBe(g, 1e-10 * Math.Abs(g));
        interval.Low.ShouldBe(low, 1e-8 * (1 + Math.Abs(g)));
        interval.High.ShouldBe(high, 1e-8 * (1 + Math.Abs(g)));
        interval.N.ShouldBe(differences.Length);
    }

    [Fact]
    public void Its_correction_is_the_published_one() => HedgesGz.Correction(10).ShouldBe(0.9227, 5e-5); // Hedges (1981), table 1

    [Fact]
    public void Turned_around_it_changes_its_sign_alone()
    {
        var (there, back) = (HedgesGz.Interval([1, 2, 4, -1], 0.95), HedgesGz.Interval([-1, -2, -4, 1], 0.95));

        back.Mean.ShouldBe(-there.Mean, 1e-12);
        back.Low.ShouldBe(-there.High, 1e-8);
    }

    [Fact]
    public void It_has_no_unit() => HedgesGz.Interval([100, 200, 400], 0.95).Low.ShouldBe(HedgesGz.Interval([1, 2, 4], 0.95).Low, 1e-8);

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new double[] { 1 })]
    [InlineData(new double[] { 1, 2 })]
    [InlineData(new double[] { 0.1, 0.1, 0.1 })]
    [InlineData(new double[] { 0, 0, 0 })]
    [InlineData(new double[] { 0.3, 0.1 + 0.2, 0.3 })] // equal but for rounding
    [InlineData(new double[] { 1, 2, double.NaN })]
    [InlineData(new double[] { 1, 2, double.PositiveInfinity })]
    public void Where_there_is_no_scatter_to_measure_in_it_is_undefined(double[] differences) =>
        HedgesGz.Interval(differences, 0.95).Mean.ShouldBe(double.NaN);

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, 1)]
    [InlineData(new double[] { -1, -2 }, 0)]
    [InlineData(new double[] { 1, -2, 0, 0 }, 0.5)]
    [InlineData(new double[] { 1, 2, -3, 0 }, 0.625)]
    [InlineData(new double[] { }, double.NaN)]
    [InlineData(new double[] { 1, double.NaN }, double.NaN)]
    public void Superiority_counts_pairs_and_half_of_the_ties(double[] differences, double share) =>
        PairedSuperiority.Of(differences).ShouldBe(share);

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, 1)]
    [InlineData(new double[] { -1, 2, 3 }, 4 / 6.0)]
    [InlineData(new double[] { 1, 2, -3 }, 0)]
    [InlineData(new double[] { 1, -1, 2, 0 }, 0.5)] // ranks 1.5, 1.5, 3
    [InlineData(new double[] { 0, 0 }, double.NaN)]
    [InlineData(new double[] { }, double.NaN)]
    [InlineData(new double[] { 1, double.NaN }, double.NaN)]
    public void The_rank_biserial_weighs_signs_by_rank_of_size(double[] differences, double r) => RankBiserial.Of(differences).ShouldBe(r);
}
