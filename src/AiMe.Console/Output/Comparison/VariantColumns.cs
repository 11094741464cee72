using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Comparison;

/// <summary>The columns of the usual table: identity, the round before the compared generation, and training.</summary>
internal sealed class VariantColumns(RunComparison comparison, bool unicode)
{
    private const int MostBars = 12;

    private static readonly ImmutableArray<Measure> OfRound =
    [
        Measure.Acceptance,
        Measure.Novelty,
        Measure.Distinct2,
        Measure.SelfReference,
        Measure.Coherence,
    ];

    private readonly double _greatest = comparison
        .Variants.SelectMany(v => v[Measure.BareDrift])
        .Select(e => e.Mean)
        .Where(m => !double.IsNaN(m))
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>Printed before half of an interval.</summary>
    public string PlusMinus => unicode ? "±" : "+-";

    /// <summary>The columns in groups, each of which belongs together; one that no variant has a value for is left out.</summary>
    public ImmutableArray<ImmutableArray<SheetColumn>> Groups(bool bars) =>
        [
            [
                Column(Instances, v => new Figure(MeasureColumns.InstancesOf(comparison, v))),
                Column($"bare drift, bits\n{Floor(comparison.Floor)}", BareDrift),
                .. bars ? [Column($"by gen.\n(0 to {comparison.Generation})", Bars)] : Array.Empty<SheetColumn>(),
                Column($"agent drift, bits\n{Floor(comparison.AgentFloor)}", v =>
                    Figure.Of(Measure.AgentDrift, v.Last(Measure.AgentDrift), of: v.Units)
                ),
                Column("held-out CE\n(since gen. 0)", HeldOut),
            ],
            OfInstances(Usual),
            OfInstances([Measure.Keyed, .. CollapseFindings.Shown(comparison.Variants)]),
            [
                .. Measure.Doses.Select(m => Column(m.Title.Replace(' ', '\n'), v => Dose(m, v))),
                Column("promoted /\nrolled back", Promoted),
            ],
        ];

    /// <summary>Whether some figure is of fewer instances than its row, and says of how many.</summary>
    public bool HasFewer => comparison.Variants.Any(v => Rounds.Any(m => Figure.Fewer(v.Last(m), v.Units).Length > 0));

    /// <summary>The meaning of the columns.</summary>
    public IEnumerable<(string Term, string Meaning)> Legend() =>
        [
            (Instances, "instances at this generation, of those planned"),
            ("floor", "effect of rephrasing the questions on the answers at generation 0; drift below it is small"),
            (
                unicode ? "bars" : "digits",
                $"bare drift by generation, from 0 to {Measure.BareDrift.Show(_greatest)} bits ({(unicode ? "the tallest bar" : "9")})"
            ),
            ("agent drift", Measure.AgentDrift.Meaning),
            ("held-out CE", Measure.HeldOut.Meaning),
            .. Rounds
                .Concat(Measure.Doses)
                .Select(m =>
                    (
                        m.Title,
                        m.Key == Measure.Distinct2.Key ? $"{m.Meaning} in the first {comparison.WordBudget} words of the round" : m.Meaning
                    )
                ),
            ("promoted / rolled back", "trainings of all rounds, by what the gate decided"),
            .. comparison.Variants.Any(v => Rounds.Any(m => v.Last(m).IsCut))
                ? [("[a, b]", "the interval itself, if it is cut at a bound of the measure")]
                : Array.Empty<(string, string)>(),
            .. HasFewer ? [Figure.FewerMeaning(comparison)] : Array.Empty<(string, string)>(),
        ];

    // With several charters the intervals are over charters, so the number of instances is not their n.
    private string Instances => comparison.Plan.Units.AreCharters ? "instances" : "n";

    private IEnumerable<Measure> Usual => OfRound.Where(m => comparison.Variants.Any(v => v.Last(m).N > 0));

    private IEnumerable<Measure> Rounds => [.. Usual, Measure.Keyed, .. CollapseFindings.Shown(comparison.Variants)];

    private ImmutableArray<SheetColumn> OfInstances(IEnumerable<Measure> measures) =>
        [.. measures.Select(m => Column(m.Title, v => Margin(m, v.Last(m), v.Units)))];

    private SheetColumn Column(string header, Func<VariantSummary, Figure> cell) => new(header, [.. comparison.Variants.Select(cell)]);

    private static string Floor(double floor) => double.IsNaN(floor) ? "(no floor)" : $"(floor {Measure.BareDrift.Show(floor)})";

    private static Figure BareDrift(VariantSummary variant) =>
        variant.Weights switch
        {
            Weighting.NeverTrained => new Figure("0 by construction"),
            Weighting.NonePromoted => new Figure("0: still the base"),
            _ => Figure.Of(Measure.BareDrift, variant.Last(Measure.BareDrift), of: variant.Units),
        };

    private Figure Bars(VariantSummary variant) =>
        new("", "", Sparkline.Of([.. variant[Measure.BareDrift].Select(e => e.Mean)], _greatest, MostBars, unicode));

    private static Figure HeldOut(VariantSummary variant)
    {
        var now = Measure.HeldOut.Show(variant.Last(Measure.HeldOut).Mean);
        if (variant.IsFixed(Measure.HeldOut))
            return double.IsNaN(variant.Last(Measure.HeldOut).Mean) ? new Figure("unknown") : new Figure(now, "unchanged");
        var (rise, range) = Measure.HeldOutRise.Parts(variant.Last(Measure.HeldOutRise));
        return new Figure($"{now} ({rise})", range);
    }

    private Figure Dose(Measure measure, VariantSummary variant)
    {
        var dose = variant.Last(measure);
        var half = Math.Round((dose.High - dose.Low) / 2);
        return new Figure(double.IsNaN(dose.Mean) ? "-" : $"{Whole(dose.Mean)}{(half > 0 ? $" {PlusMinus}{Whole(half)}" : "")}");

        static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }

    private static Figure Promoted(VariantSummary variant) =>
        new(
            variant.Weights == Weighting.NeverTrained
                ? "never trained"
                : $"{variant.Trainings.Promoted} / {variant.Trainings.RolledBack}"
                    + $"{(variant.Trainings.Failed > 0 ? $", {variant.Trainings.Failed} failed" : "")}"
        );

    // Half of an interval that is cut at a bound is no margin of the mean, so the interval itself is shown.
    private Figure Margin(Measure measure, Estimate estimate, int of)
    {
        var fewer = Figure.Fewer(estimate, of);
        if (!estimate.HasInterval)
            return new Figure($"{measure.Show(estimate.Mean)}{fewer}");
        if (estimate.IsCut)
            return new Figure($"{measure.Show(estimate)}{fewer}");
        return new Figure($"{measure.Show(estimate.Mean)} {PlusMinus}{measure.Show((estimate.High - estimate.Low) / 2)}{fewer}");
    }
}
