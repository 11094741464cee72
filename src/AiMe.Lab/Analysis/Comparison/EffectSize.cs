using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>
/// Size of a paired difference, without a unit. Exploratory: effect sizes are never declared for testing.
/// </summary>
/// <param name="G">
/// Hedges' g_z with its interval; see <see cref="HedgesGz"/>. NaN below three pairs or without variance.
/// </param>
/// <param name="Superiority">Share of replicates in which the first is higher, ties counted half, in [0, 1].</param>
/// <param name="RankBiserial">Matched-pairs rank-biserial correlation, in [-1, 1].</param>
public sealed record EffectSize(Estimate G, double Superiority, double RankBiserial)
{
    /// <summary>Undefined: one side cannot change, so any effect size would be by construction.</summary>
    public static readonly EffectSize None = new(Estimate.None, double.NaN, double.NaN);

    /// <summary>Computes the effect sizes of differences, one per replicate.</summary>
    public static EffectSize Of(ReadOnlySpan<double> differences)
    {
        var g = HedgesGz.Interval(differences, Estimate.Level);
        return new EffectSize(
            new Estimate(g.Mean, g.Low, g.High, g.N),
            PairedSuperiority.Of(differences),
            Metrics.Statistics.RankBiserial.Of(differences)
        );
    }
}
