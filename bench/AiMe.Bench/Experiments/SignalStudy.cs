using AiMe.Bench.Statistics;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Experiments;

/// <summary>
/// The signal of every measure over A/A noise. The variants are those of signal.yaml: all are trained, on equally many passes,
/// since a variant that is never trained differs by construction.
/// </summary>
/// <param name="Values">Of all experiments.</param>
internal sealed class SignalStudy(IReadOnlyList<SignalValue> values)
{
    private static readonly (string First, string Second) s_equal = ("keep-all", "keep-all-again");

    // Which answers a model learns from, three times; and how many different ones.
    private static readonly (string First, string Second)[] s_contrasts =
    [
        ("inward", "drawn"),
        ("aligned", "drawn"),
        ("typical", "drawn"),
        ("drawn", "keep-all"),
    ];

    private static readonly Measure[] s_measures = [.. Measure.All.Except(Measure.Doses)];

    private readonly ulong[] _seeds = [.. values.Select(v => v.Seed).Distinct().Order()];

    private readonly Dictionary<(ulong, string, string), SignalValue[]> _values = values
        .GroupBy(v => (v.Seed, v.Variant, v.Key))
        .ToDictionary(g => g.Key, g => g.OrderBy(v => v.Replicate).ToArray());

    /// <summary>Every measure by every contrast; the measure with the greatest signal first, undefined ones last.</summary>
    public MarkdownTable Table() =>
        new(
            $"Signal over A/A noise, {_seeds.Length} seeds, {Replicates} replicates: "
                + string.Join(", ", s_contrasts.Select(c => $"{c.First} - {c.Second}")),
            ["measure", "A/A noise", .. s_contrasts.SelectMany(c => (string[])[c.First, "n", "found"])],
            [
                .. s_measures
                    .Select(m => (m.Key, Signals: s_contrasts.Select(c => Of(m, c)).ToArray()))
                    .OrderByDescending(r => Greatest(r.Signals))
                    .ThenBy(r => r.Key, StringComparer.Ordinal)
                    .Select(r => (string[])[r.Key, Digits(r.Signals[0].Noise), .. r.Signals.SelectMany(Cells)]),
            ]
        );

    /// <summary>Mean doses by variant: contrasted variants should have equal passes.</summary>
    public MarkdownTable Doses()
    {
        string[] variants = [.. values.Select(v => v.Variant).Distinct()];
        return new(
            "Doses, means over instances",
            ["variant", .. Measure.Doses.Select(m => m.Key)],
            [
                .. variants.Select(variant =>
                    (string[])[variant, .. Measure.Doses.Select(m => MarkdownTable.Number(Mean.Of([.. Values(m, variant)]), 1))]
                ),
            ]
        );
    }

    /// <summary>How well the passes match, in a sentence.</summary>
    public string Passes()
    {
        string[] variants = [.. values.Select(v => v.Variant).Distinct()];
        double[] means = [.. variants.Select(v => Mean.Of([.. Values(Measure.Passes, v)]))];
        double[] all = [.. variants.SelectMany(v => Values(Measure.Passes, v))];
        return $"Passes: the least mean of a variant is {MarkdownTable.Number(means.Min() / means.Max())} of the greatest. "
            + $"{all.Count(p => p < all.Max())} of {all.Length} instances had fewer passes than the others: a round in which nothing is "
            + "kept trains nothing.";
    }

    /// <summary>How often tests of the equal pair reject, in a sentence.</summary>
    public string Equal()
    {
        double[] shares = [.. s_measures.Select(m => Of(m, s_equal)).Where(s => s.Noise > 0).Select(s => s.Rejected)];
        return $"{s_equal.First} - {s_equal.Second}: sign flips reject {MarkdownTable.Number(shares.DefaultIfEmpty(double.NaN).Average())} of the tests at a nominal "
            + $".05, over {shares.Length} measures; most for one measure: {MarkdownTable.Number(shares.DefaultIfEmpty(double.NaN).Max())}.";
    }

    /// <summary>
    /// How much more the differences of each contrast scatter within an experiment than those of the equal pair, in a sentence. The
    /// replicates of the table allow for it, the noise does not.
    /// </summary>
    public string Scatters() =>
        $"Scatter within experiments, as a multiple of the equal pair's, median over measures: "
        + string.Join(", ", s_contrasts.Select(c => $"{c.First} - {c.Second} {MarkdownTable.Number(Multiple(c), 1)}"))
        + ".";

    /// <summary>The measures that more than a tenth of the pairs lack, in a sentence; empty if there is none.</summary>
    public string Lacking()
    {
        string[] lacking =
        [
            .. s_measures
                .Select(m => (m.Key, Share: 1 - s_contrasts.SelectMany(c => Differences(m, c)).Average(d => (double)d.Length / Replicates)))
                .Where(m => m.Share > 0.1)
                .Select(m => $"{m.Key} ({MarkdownTable.Number(m.Share, 2)})"),
        ];
        return lacking.Length == 0 ? "" : $"Share of pairs without a value, above .10: {string.Join(", ", lacking)}.";
    }

    /// <summary>The signal of a contrast by a measure.</summary>
    public Signal Of(Measure measure, (string First, string Second) contrast) =>
        Signal.Of(Differences(measure, contrast), Differences(measure, s_equal));

    private double Multiple((string First, string Second) contrast)
    {
        double[] multiples = [.. s_measures.Select(m => Of(m, contrast).Scatter / Of(m, s_equal).Scatter).Where(double.IsFinite).Order()];
        return multiples.Length == 0 ? double.NaN : multiples[multiples.Length / 2];
    }

    /// <summary>The options that give this table again.</summary>
    public string Options => $"signal --seeds {_seeds.Length} --seed {_seeds[0]}";

    private int Replicates => values.Max(v => v.Replicate);

    private IEnumerable<double> Values(Measure measure, string variant) =>
        _seeds.SelectMany(seed => _values[(seed, variant, measure.Key)]).Select(v => v.Value);

    private double[][] Differences(Measure measure, (string First, string Second) contrast) =>
        [
            .. _seeds.Select(seed =>
                _values[(seed, contrast.First, measure.Key)]
                    .Zip(_values[(seed, contrast.Second, measure.Key)], (a, b) => a.Value - b.Value)
                    .Where(d => !double.IsNaN(d))
                    .ToArray()
            ),
        ];

    private static double Greatest(IEnumerable<Signal> signals) =>
        signals.Select(s => Math.Abs(s.OverNoise)).Where(s => !double.IsNaN(s)).DefaultIfEmpty(-1).Max();

    private static string[] Cells(Signal signal) =>
        double.IsNaN(signal.OverNoise)
            ? ["-", "-", "-"]
            : [MarkdownTable.Number(Math.Round(signal.OverNoise, 1) + 0.0, 1), signal.Replicates, MarkdownTable.Number(signal.Rejected, 2)];

    // Two significant digits: measures have units of their own.
    private static string Digits(double value) =>
        MarkdownTable.Number(value, value > 0 ? Math.Max(0, 1 - (int)Math.Floor(Math.Log10(value))) : 0);
}
