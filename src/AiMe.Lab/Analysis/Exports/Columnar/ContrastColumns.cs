using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>A declared test, or an exploratory difference of a pair, in the table <c>contrasts</c>: one of the two is null.</summary>
internal sealed record ContrastRow(RunComparison Comparison, DeclaredTest? Test, PairSummary? Pair)
{
    public EffectSize Effect { get; init; } = EffectSize.None;

    public Estimate Estimate => Test?.Estimate ?? Pair!.Difference;

    public ImmutableArray<string> Variants => Test?.Variants ?? [Pair!.First, Pair.Second];

    // The estimate is the first minus the second; of ordered variants the last minus the first.
    public string First => Test?.Contrast is DeclaredContrast.Ordered ? Variants[^1] : Variants[0];

    public string Second => Test?.Contrast is DeclaredContrast.Ordered ? Variants[0] : Variants[1];

    /// <summary>Every declared test, then every pair of variants by every measure without one.</summary>
    public static IEnumerable<ContrastRow> All(RunComparison comparison) =>
        [
            .. comparison.Tests.Select(t => Of(comparison, t)),
            .. comparison.Pairs.Where(p => !p.Declared).Select(p => new ContrastRow(comparison, null, p) { Effect = p.Effect }),
        ];

    // A test by sign flips has the effect size of its pair; the pair is in the order of the file, the test in its own.
    private static ContrastRow Of(RunComparison comparison, DeclaredTest test)
    {
        var pair = comparison.Pairs.FirstOrDefault(p => ReferenceEquals(p.Test, test));
        var ordered = pair is null || pair.First == test.Variants[0] ? pair : pair.Reversed;
        return new ContrastRow(comparison, test, null) { Effect = ordered?.Effect ?? EffectSize.None };
    }
}

/// <summary>The table <c>contrasts</c>.</summary>
internal static class ContrastColumns
{
    public static ImmutableArray<Column<ContrastRow>> All { get; } =
    [
        new Column<ContrastRow>.Text("run", r => r.Comparison.Plan.Run),
        new Column<ContrastRow>.Whole("generation", r => r.Comparison.Generation),
        new Column<ContrastRow>.Text("declared", r => r.Test is null ? "no"
            : r.Test.IsPrimary ? "primary"
            : "secondary"),
        new Column<ContrastRow>.Text("measure", r => ColumnNames.Snake((r.Test?.Measure ?? r.Pair!.Measure).Key)),
        new Column<ContrastRow>.Text("contrast", r => Contrast(r.Test?.Contrast)),
        new Column<ContrastRow>.Text("first", r => r.First),
        new Column<ContrastRow>.Text("second", r => r.Second),
        new Column<ContrastRow>.Text("variants", r => string.Join(' ', r.Variants)),
        new Column<ContrastRow>.Text("direction", r => ColumnNames.Word(r.Test?.Direction ?? EffectDirection.Either)),
        new Column<ContrastRow>.Fact("survival", r => r.Test?.Outcome is DeclaredOutcome.Survival),
        new Column<ContrastRow>.Fact("above", r => (r.Test?.Outcome as DeclaredOutcome.Survival)?.Above),
        new Column<ContrastRow>.Number("bound", r => (r.Test?.Outcome as DeclaredOutcome.Survival)?.Bound ?? double.NaN),
        new Column<ContrastRow>.Number("smallest_effect", r => (r.Test?.Outcome as DeclaredOutcome.Value)?.SmallestEffect ?? double.NaN),
        new Column<ContrastRow>.Text("method", r => ColumnNames.Word(r.Test?.Method ?? TestMethod.SignFlip)),
        new Column<ContrastRow>.Whole("n", r => r.Test?.N ?? r.Estimate.N),
        new Column<ContrastRow>.Number("estimate", r => r.Estimate.Mean),
        new Column<ContrastRow>.Number("low", r => r.Estimate.Low),
        new Column<ContrastRow>.Number("high", r => r.Estimate.High),
        new Column<ContrastRow>.Number("confidence", r => r.Test?.Confidence ?? Estimate.Level),
        new Column<ContrastRow>.Text("interval", r => r.Test is null ? "student" : ColumnNames.Word(r.Test.Interval)),
        new Column<ContrastRow>.Number("statistic", r => r.Test?.Statistic ?? r.Estimate.Mean),
        new Column<ContrastRow>.Number("p", r => r.Test?.P ?? r.Pair!.P),
        new Column<ContrastRow>.Fact("exact", r => r.Test?.IsExact),
        new Column<ContrastRow>.Number("corrected_p", r => r.Test?.CorrectedP ?? double.NaN),
        new Column<ContrastRow>.Whole("family", r => r.Test?.Family),
        new Column<ContrastRow>.Number("smallest_p", r => r.Test?.SmallestP ?? double.NaN),
        new Column<ContrastRow>.Number("true_size", r => r.Test?.AttainableSize ?? double.NaN),
        new Column<ContrastRow>.Fact("cannot_reach_significance", r => r.Test?.CannotReach ?? r.Pair!.CannotReach),
        new Column<ContrastRow>.Text("verdict", r => r.Test is null ? null : ColumnNames.Word(r.Test.Verdict)),
        new Column<ContrastRow>.Fact("fixed", r => !(r.Test?.Still ?? r.Pair!.Still).IsEmpty),
        new Column<ContrastRow>.Text("still", r => string.Join(' ', r.Test?.Still ?? r.Pair!.Still)),
        new Column<ContrastRow>.Text("undefined", r => r.Test is null ? null : Numbers(r.Test.Undefined)),
        new Column<ContrastRow>.Number("g", r => r.Effect.G.Mean),
        new Column<ContrastRow>.Number("g_low", r => r.Effect.G.Low),
        new Column<ContrastRow>.Number("g_high", r => r.Effect.G.High),
        new Column<ContrastRow>.Number("superiority", r => r.Effect.Superiority),
        new Column<ContrastRow>.Number("rank_biserial", r => r.Effect.RankBiserial),
    ];

    private static string Contrast(DeclaredContrast? contrast) =>
        contrast switch
        {
            DeclaredContrast.Ordered => "ordered",
            DeclaredContrast.Equivalent => "equivalent",
            _ => "pair",
        };

    private static string Numbers(ImmutableArray<int> numbers) =>
        string.Join(' ', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
