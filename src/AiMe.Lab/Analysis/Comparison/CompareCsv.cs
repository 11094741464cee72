using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Comparisons as tidy CSV: one row per run, variant, generation and measure.</summary>
/// <remarks>
/// RFC 4180: commas, CRLF, quotes if needed, a header line. Numbers are invariant and round-trip; undefined values are
/// empty. <c>n</c> counts instances; <c>mean</c>, <c>low</c> and <c>high</c> are over instances, with a 95% interval.
/// Measures of a round are empty at generation 0. With a baseline there are more columns, filled at the compared
/// generation: the variant minus the baseline, and its effect size.
/// </remarks>
public static class CompareCsv
{
    private const string Header = "run,variant,generation,measure,n,mean,low,high";
    private const string BaselineHeader =
        ",baseline,pairs,difference,difference_low,difference_high,g,g_low,g_high,superiority,rank_biserial";

    /// <summary>The header line, without its end.</summary>
    public static string HeaderOf(bool baseline) => baseline ? Header + BaselineHeader : Header;

    /// <summary>The lines of a comparison, each without its end.</summary>
    /// <param name="from">The first generation; 0 for all up to the compared one.</param>
    public static IEnumerable<string> Rows(RunComparison comparison, int from)
    {
        foreach (var variant in comparison.Variants)
        {
            foreach (var measure in comparison.Measures)
            {
                for (var generation = from; generation <= comparison.Generation; generation++)
                {
                    IEnumerable<string> fields =
                    [
                        comparison.Plan.Run,
                        variant.Name,
                        Number(generation),
                        measure.Key,
                        .. Estimated(variant[measure][generation]),
                        .. comparison.Baseline is null ? [] : Against(comparison, variant, measure, generation),
                    ];
                    yield return string.Join(',', fields.Select(Quoted));
                }
            }
        }
    }

    private static IEnumerable<string> Against(RunComparison comparison, VariantSummary variant, Measure measure, int generation)
    {
        if (generation < comparison.Generation || comparison.Against(variant.Name, measure) is not { } pair)
            return [comparison.Baseline!, .. Enumerable.Repeat("", BaselineHeader.Count(c => c == ',') - 1)];
        var effect = pair.Effect;
        return
        [
            comparison.Baseline!,
            .. Estimated(pair.Difference),
            Number(effect.G.Mean),
            Number(effect.G.Low),
            Number(effect.G.High),
            Number(effect.Superiority),
            Number(effect.RankBiserial),
        ];
    }

    private static ImmutableArray<string> Estimated(Estimate e) =>
        [e.N.ToString(CultureInfo.InvariantCulture), Number(e.Mean), Number(e.Low), Number(e.High)];

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
