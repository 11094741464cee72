using System.Collections.Immutable;
using AiMe.Metrics;
using AiMe.Mind;

namespace AiMe.Effects;

/// <summary>Identity drift from probe results: where the journal's form meets the metric's.</summary>
public static class Identity
{
    /// <summary>Mean over probes of the Jensen-Shannon divergence from generation 0, bits in [0, 1]; NaN without probes.</summary>
    public static double Drift(ImmutableArray<ChoiceResult> now, ImmutableArray<ChoiceResult> atZero) =>
        now.IsEmpty ? double.NaN : IdentityDrift.Bits(Means(now), Means(atZero));

    /// <summary>The same between disjoint halves of the paraphrases at generation 0: what drift means nothing below.</summary>
    public static double Floor(ImmutableArray<ChoiceResult> atZero) => atZero.IsEmpty
        ? double.NaN
        : IdentityDrift.Floor(atZero.ToDictionary(r => r.Probe, r => (IReadOnlyList<double[]>)[.. r.ByParaphrase.Select(row => row.ToArray())], StringComparer.Ordinal));

    /// <summary>Per probe, the mean distribution over its paraphrases; shape (options).</summary>
    public static Dictionary<string, double[]> Means(ImmutableArray<ChoiceResult> results) => results.ToDictionary(
        r => r.Probe,
        r => Enumerable.Range(0, r.ByParaphrase[0].Length).Select(o => r.ByParaphrase.Sum(row => row[o]) / r.ByParaphrase.Length).ToArray(),
        StringComparer.Ordinal);
}
