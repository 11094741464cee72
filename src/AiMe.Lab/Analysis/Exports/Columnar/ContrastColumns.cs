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
    public static ImmutableArray<TableColumn<ContrastRow>> All { get; } =
    [
        new TableColumn<ContrastRow>.Utf8Text("run", r => r.Comparison.Plan.Run),
        new TableColumn<ContrastRow>.Whole("generation", r => r.Comparison.Generation),
        new TableColumn<ContrastRow>.Utf8Text("declared", r => r.Test is null ? "no"
            : r.Test.IsPrimary ? "primary"
            : "secondary"),
        new TableColumn<ContrastRow>.Utf8Text("measure", r => ColumnNames.Snake((r.Test?.Measure ?? r.Pair!.Measure).Key)),
        new TableColumn<ContrastRow>.Utf8Text("contrast", r => Contrast(r.Test?.Contrast)),
        new TableColumn<ContrastRow>.Utf8Text("first", r => r.First),
        new TableColumn<ContrastRow>.Utf8Text("second", r => r.Second),
        new TableColumn<ContrastRow>.Utf8Text("variants", r => string.Join(' ', r.Variants)),
        new TableColumn<ContrastRow>.Utf8Text("direction", r => ColumnNames.Word(r.Test?.Direction ?? EffectDirection.Either)),
        new TableColumn<ContrastRow>.Fact("survival", r => r.Test?.Outcome is DeclaredOutcome.Survival),
        new TableColumn<ContrastRow>.Fact("above", r => (r.Test?.Outcome as DeclaredOutcome.Survival)?.Above),
        new TableColumn<ContrastRow>.Number("bound", r => (r.Test?.Outcome as DeclaredOutcome.Survival)?.Bound ?? double.NaN),
        new TableColumn<ContrastRow>.Number("smallest_effect", r =>
            (r.Test?.Outcome as DeclaredOutcome.Value)?.SmallestEffect ?? double.NaN
        ),
        new TableColumn<ContrastRow>.Utf8Text("method", r => ColumnNames.Word(r.Test?.Method ?? TestMethod.SignFlip)),
        new TableColumn<ContrastRow>.Whole("n", r => r.Test?.N ?? r.Estimate.N),
        new TableColumn<ContrastRow>.Number("estimate", r => r.Estimate.Mean),
        new TableColumn<ContrastRow>.Number("low", r => r.Estimate.Low),
        new TableColumn<ContrastRow>.Number("high", r => r.Estimate.High),
        new TableColumn<ContrastRow>.Number("confidence", r => r.Test?.Confidence ?? Estimate.Level),
        new TableColumn<ContrastRow>.Utf8Text("interval", r => r.Test is null ? "student" : ColumnNames.Word(r.Test.Interval)),
        new TableColumn<ContrastRow>.Number("statistic", r => r.Test?.Statistic ?? r.Estimate.Mean),
        new TableColumn<ContrastRow>.Number("p", r => r.Test?.P ?? r.Pair!.P),
        new TableColumn<ContrastRow>.Fact("exact", r => r.Test?.IsExact),
        new TableColumn<ContrastRow>.Number("corrected_p", r => r.Test?.CorrectedP ?? double.NaN),
        new TableColumn<ContrastRow>.Whole("family", r => r.Test?.Family),
        new TableColumn<ContrastRow>.Number("smallest_p", r => r.Test?.SmallestP ?? double.NaN),
        new TableColumn<ContrastRow>.Number("true_size", r => r.Test?.AttainableSize ?? double.NaN),
        new TableColumn<ContrastRow>.Fact("cannot_reach_significance", r => r.Test?.CannotReach ?? r.Pair!.CannotReach),
        new TableColumn<ContrastRow>.Utf8Text("verdict", r => r.Test is null ? null : ColumnNames.Word(r.Test.Verdict)),
        new TableColumn<ContrastRow>.Fact("fixed", r => !(r.Test?.Still ?? r.Pair!.Still).IsEmpty),
        new TableColumn<ContrastRow>.Utf8Text("still", r => string.Join(' ', r.Test?.Still ?? r.Pair!.Still)),
        new TableColumn<ContrastRow>.Utf8Text("undefined", r => r.Test is null ? null : Numbers(r.Test.Undefined)),
        new TableColumn<ContrastRow>.Number("g", r => r.Effect.G.Mean),
        new TableColumn<ContrastRow>.Number("g_low", r => r.Effect.G.Low),
        new TableColumn<ContrastRow>.Number("g_high", r => r.Effect.G.High),
        new TableColumn<ContrastRow>.Number("superiority", r => r.Effect.Superiority),
        new TableColumn<ContrastRow>.Number("rank_biserial", r => r.Effect.RankBiserial),
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
