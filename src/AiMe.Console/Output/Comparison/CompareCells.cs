using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Comparison;

/// <summary>The cells of a comparison: the figure, and its interval on the line below.</summary>
internal sealed class CompareCells(RunComparison comparison, bool unicode)
{
    /// <summary>Width for one table, without the variants' names.</summary>
    public const int OneTable = 150;

    private const int TwoMeasures = 100; // in a narrower terminal a third measure leaves no room for long names
    private const int LongestName = 14;
    private const int MostBars = 12;

    private static readonly ImmutableArray<Measure> Behaviours =
    [
        Measure.Novelty,
        Measure.Coherence,
        Measure.Distinct2,
        Measure.SelfReference,
        Measure.Acceptance,
    ];

    private readonly double _greatest = comparison
        .Variants.SelectMany(v => v[Measure.BareDrift])
        .Select(e => e.Mean)
        .Where(m => !double.IsNaN(m))
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>Printed before half of an interval.</summary>
    public string PlusMinus => unicode ? "±" : "+-";

    /// <summary>Drift and held-out cross-entropy.</summary>
    public ImmutableArray<CompareColumn> Identity =>
        [
            new("bare drift\n(bits)", BareDrift),
            new($"by gen.\n(0 to {comparison.Generation})", v => new Markup(
                $"[cyan]{Sparkline.Of([.. v[Measure.BareDrift].Select(e => e.Mean)], _greatest, MostBars, unicode)}[/]"
            )),
            new("agent drift\n(bits)", v => Stacked(Measure.AgentDrift, v.Last(Measure.AgentDrift), of: v.Instances)),
            new("held-out CE\n(since gen. 0)", HeldOut),
        ];

    /// <summary>Columns of the round before the compared generation, and of all trainings.</summary>
    /// <param name="intervals">Whether to show whole intervals instead of half their width.</param>
    public ImmutableArray<CompareColumn> Behaviour(bool intervals) =>
        [
            .. Behaviours.Select(m => new CompareColumn(m.Title, v =>
                intervals ? Stacked(m, v.Last(m), of: v.Instances) : Margin(m, v.Last(m), v.Instances)
            )),
            new("promoted /\nrolled back\n(all rounds)", v => new Text(
                v.Weights == Weighting.NeverTrained
                    ? "never\ntrained"
                    : $"{v.Trainings.Promoted} / {v.Trainings.RolledBack}{(v.Trainings.Failed > 0 ? $"\n{v.Trainings.Failed} failed" : "")}"
            )),
        ];

    /// <summary>The pairs of variants, and the measures for their differences.</summary>
    public (ImmutableArray<(string First, string Second)> Names, ImmutableArray<Measure> Columns) Pairs(int width) =>
        (
            [
                .. comparison
                    .Pairs.Where(p => p.Measure.Key == Measure.BareDrift.Key)
                    .OrderByDescending(p => p.Declared)
                    .Select(p => (p.First, p.Second)),
            ],
            [
                .. (comparison.ChoosesMeasures ? comparison.Measures : [Measure.BareDrift, Measure.AgentDrift, Measure.HeldOutRise]).Take(
                    width < TwoMeasures ? 2
                    : width < OneTable ? 3
                    : 5
                ),
            ]
        );

    /// <summary>The floor of the drift columns as a row: the effect of rephrased questions at generation 0.</summary>
    public IRenderable[] FloorRow(int columns) =>
        [
            new Markup("[dim]floor[/]"),
            new Markup($"[dim]{Measure.BareDrift.Show(comparison.Floor)}[/]"),
            new Text(""),
            new Markup($"[dim]{Measure.AgentDrift.Show(comparison.AgentFloor)}[/]"),
            .. Enumerable.Repeat(new Text(""), columns - 3),
        ];

    /// <summary>The meaning of the columns.</summary>
    /// <param name="intervals">As passed to <see cref="Behaviour"/>.</param>
    public IEnumerable<(string Term, string Meaning)> Legend(bool intervals) =>
        [
            ("floor", "effect of rephrasing the questions on the answers at generation 0; drift below it is small"),
            (
                unicode ? "bars" : "digits",
                $"bare drift by generation, from 0 to {Measure.BareDrift.Show(_greatest)} bits ({(unicode ? "the tallest bar" : "9")})"
            ),
            ("agent drift", Measure.AgentDrift.Meaning),
            ("held-out CE", Measure.HeldOut.Meaning),
            ("novelty", Measure.Novelty.Meaning),
            ("coherence", Measure.Coherence.Meaning),
            ("distinct-2", $"{Measure.Distinct2.Meaning} in the first {comparison.WordBudget} words of the round"),
            ("self-ref", Measure.SelfReference.Meaning),
            ("kept", Measure.Acceptance.Meaning),
            .. !intervals && comparison.Variants.Any(v => Behaviours.Any(m => v.Last(m).IsCut))
                ? [("[a, b]", "the interval itself, if it is cut at a bound of the measure")]
                : Array.Empty<(string, string)>(),
            .. comparison.Variants.Any(v => Behaviours.Any(m => Figure.Fewer(v.Last(m), v.Instances).Length > 0))
                ? [Figure.FewerMeaning]
                : Array.Empty<(string, string)>(),
        ];

    /// <summary>States which comparisons were declared, and that the rest is exploratory.</summary>
    /// <param name="shown">The pairs in the table.</param>
    /// <param name="columns">The measures in the table.</param>
    public static string Family(
        RunComparison comparison,
        ImmutableArray<(string First, string Second)> shown,
        ImmutableArray<Measure> columns
    )
    {
        var declared = comparison.Declared.ToArray();
        List<string> lines =
        [
            declared.Length == 0 && comparison.Generation < comparison.Reached
                ? "A generation chosen afterwards has no declared test: all differences are exploratory."
            : comparison.Family > declared.Length
                ? $"Declared for testing: bare drift, all {comparison.Family} pairs of trained variants of the run, shown "
                    + $"or not (sign-flip test{(comparison.Family == 1 ? "" : ", Holm's correction over all of them")}). "
                    + "Everything else is exploratory."
            : declared.Length == 0
                ? "Nothing was declared for testing: bare drift is tested between trained variants, and there are fewer than two. "
                    + "All differences are exploratory."
            : "Declared for testing: bare drift, "
                + $"{(declared.Length == 1 ? "the one pair" : $"the {declared.Length} pairs")} of trained variants (sign-flip "
                + $"test{(declared.Length == 1 ? "" : ", Holm's correction")}). Everything else is exploratory.",
        ];
        if (declared.Any(p => p.CannotReach))
            lines.Add("Cannot reach: with so few replicates no result would be significant.");
        if (
            comparison.Pairs.Any(p =>
                p.IsFixed && p.Difference.Mean != 0 && columns.Contains(p.Measure) && shown.Contains((p.First, p.Second))
            )
        )
            lines.Add("One fixed: one variant does not change, so the difference is the other variant's value.");
        return string.Join(' ', lines);
    }

    /// <summary>A name for a narrow column: broken at its hyphens if it is longer than the column.</summary>
    public static string Folded(string name, int width)
    {
        if (name.Length <= LongestName || width >= OneTable)
            return name;
        List<string> lines = [];
        foreach (var part in name.Split('-').Select((p, i) => i == 0 ? p : $"-{p}"))
        {
            if (lines.Count > 0 && lines[^1].Length + part.Length <= LongestName)
                lines[^1] += part;
            else
                lines.Add(part);
        }

        return string.Join('\n', lines);
    }

    /// <summary>A difference and its interval.</summary>
    /// <param name="of">Pairs of instances that may have a difference.</param>
    public static IRenderable Difference(PairSummary pair, int of) =>
        pair.IsFixed
            ? new Markup(pair.Difference.Mean == 0 ? "[dim]the same\nmodel[/]" : "[dim]one fixed[/]")
            : Stacked(pair.Measure, pair.Difference, of, signed: true);

    /// <summary>The test of a pair's bare drift.</summary>
    public static IRenderable Test(PairSummary pair) =>
        pair switch
        {
            { IsFixed: true, Declared: true } => new Markup("[dim]fixed at 0,\nnot tested[/]"),
            { IsFixed: true } => new Markup("[dim]nothing to\ntest[/]"),
            { Declared: false } => new Markup("[dim]exploratory[/]"),
            { IsClaim: true } => new Markup($"p {Measure.BareDrift.Show(pair.CorrectedP)}\n[green]differ[/]"),
            { CannotReach: true } => new Markup($"p {Measure.BareDrift.Show(pair.CorrectedP)}\n[yellow]cannot reach[/]"),
            _ => new Markup($"p {Measure.BareDrift.Show(pair.CorrectedP)}\nno claim"),
        };

    private static IRenderable BareDrift(VariantSummary variant) =>
        variant.Weights switch
        {
            Weighting.NeverTrained => new Markup("0 [dim]by construction:\nits weights\nnever change[/]"),
            Weighting.NonePromoted => new Markup("0: [dim]its champion\nis still the\nbase model[/]"),
            _ => Stacked(Measure.BareDrift, variant.Last(Measure.BareDrift), variant.Instances),
        };

    private static IRenderable HeldOut(VariantSummary variant)
    {
        var now = Measure.HeldOut.Show(variant.Last(Measure.HeldOut).Mean);
        if (variant.IsFixed(Measure.HeldOut))
            return new Markup(double.IsNaN(variant.Last(Measure.HeldOut).Mean) ? "[dim]unknown[/]" : $"{now}\n[dim]unchanged[/]");
        var (rise, range) = Measure.HeldOutRise.Parts(variant.Last(Measure.HeldOutRise), signed: true);
        return new Markup($"{now} ({rise})\n[dim]{Markup.Escape(range)}[/]");
    }

    private static Markup Stacked(Measure measure, Estimate estimate, int of, bool signed = false)
    {
        var (mean, range) = measure.Parts(estimate, signed);
        return new Markup($"{mean}\n[dim]{Markup.Escape($"{range}{Figure.Fewer(estimate, of)}".TrimStart())}[/]");
    }

    // Half of an interval that is cut at a bound is no margin of the mean, so the interval itself is shown.
    private Markup Margin(Measure measure, Estimate estimate, int of) =>
        !estimate.HasInterval || estimate.IsCut
            ? Stacked(measure, estimate, of)
            : new(
                $"{measure.Show(estimate.Mean)}\n"
                    + $"[dim]{PlusMinus}{measure.Show((estimate.High - estimate.Low) / 2)}{Figure.Fewer(estimate, of)}[/]"
            );
}
