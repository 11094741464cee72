using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Metrics.Identity;

namespace AiMe.Effects;

/// <summary>Identity drift from probe results: converts the journal's form to the metric's.</summary>
/// <remarks>
/// A row of NaN is an unknown answer (a hosted model named no option): it is left out, and so is a probe without any
/// known row.
/// </remarks>
public static class Identity
{
    /// <summary>
    /// Mean over probes of the Jensen-Shannon divergence from generation 0, bits in [0, 1]; NaN if no probe is known at
    /// both.
    /// </summary>
    public static double Drift(ImmutableArray<ChoiceResult> now, ImmutableArray<ChoiceResult> atZero) => Drift(Means(now), Means(atZero));

    /// <summary>The same from <see cref="Means(ImmutableArray{ChoiceResult})"/>.</summary>
    public static double Drift(IReadOnlyDictionary<string, double[]> today, IReadOnlyDictionary<string, double[]> then)
    {
        string[] both = [.. today.Keys.Where(then.ContainsKey)];
        return both.Length == 0
            ? double.NaN
            : IdentityDrift.Bits(
                both.ToDictionary(p => p, p => today[p], StringComparer.Ordinal),
                both.ToDictionary(p => p, p => then[p], StringComparer.Ordinal)
            );
    }

    /// <summary>
    /// The drift between disjoint halves of the paraphrases at generation 0: smaller drift is not meaningful. Uses
    /// probes with two known rows or more.
    /// </summary>
    public static double Floor(ImmutableArray<ChoiceResult> atZero)
    {
        // A probe with a single wording has no halves: its floor is NaN, and so is the mean.
        var rows = atZero
            .Select(r => (Of: r, Rows: Known(r)))
            .Where(r => r.Rows.Count > 1 || r.Of.ByParaphrase.Length == 1)
            .ToDictionary(r => r.Of.Probe, IReadOnlyList<double[]> (r) => r.Rows, StringComparer.Ordinal);
        return rows.Count == 0 ? double.NaN : IdentityDrift.Floor(rows);
    }

    /// <summary>
    /// For each probe with a known row, the mean distribution over its known paraphrases; shape (options).
    /// </summary>
    public static Dictionary<string, double[]> Means(ImmutableArray<ChoiceResult> results) => Means(Rows(results));

    /// <summary>The same from <see cref="Rows"/>.</summary>
    public static Dictionary<string, double[]> Means(IReadOnlyDictionary<string, IReadOnlyList<double[]>> rows) =>
        rows.ToDictionary(r => r.Key, r => Mean(r.Value), StringComparer.Ordinal);

    /// <summary>For each probe with a known row, the distributions of its known paraphrases; shape (paraphrases, options).</summary>
    public static Dictionary<string, IReadOnlyList<double[]>> Rows(ImmutableArray<ChoiceResult> results) =>
        results
            .Select(r => (r.Probe, Rows: Known(r)))
            .Where(r => r.Rows.Count > 0)
            .ToDictionary(r => r.Probe, IReadOnlyList<double[]> (r) => r.Rows, StringComparer.Ordinal);

    /// <summary>The number of known rows, and of all rows.</summary>
    public static (int Known, int Asked) Answered(ImmutableArray<ChoiceResult> results) =>
        (results.Sum(r => Known(r).Count), results.Sum(r => r.ByParaphrase.Length));

    private static List<double[]> Known(ChoiceResult result)
    {
        List<double[]> known = new(result.ByParaphrase.Length);
        foreach (var row in result.ByParaphrase)
        {
            var copy = row.ToArray();
            if (!Array.Exists(copy, double.IsNaN))
                known.Add(copy);
        }

        return known;
    }

    private static double[] Mean(IReadOnlyList<double[]> rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows)
        {
            for (var option = 0; option < mean.Length; option++)
                mean[option] += row[option];
        }

        for (var option = 0; option < mean.Length; option++)
            mean[option] /= rows.Count;
        return mean;
    }
}
