using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Comparison;

/// <summary>
/// A column for each measure, over the variants of one or several comparisons: mean, interval, and values by
/// generation.
/// </summary>
internal sealed class MeasureColumns(IReadOnlyList<RunComparison> comparisons, bool unicode)
{
    private const int MostBars = 12;

    private readonly (RunComparison Of, VariantSummary Variant)[] _rows = [.. comparisons.SelectMany(c => c.Variants, (c, v) => (c, v))];

    /// <summary>The rows, in the order of the columns' cells.</summary>
    public IReadOnlyList<(RunComparison Of, VariantSummary Variant)> Rows => _rows;

    /// <summary>The number of instances per row.</summary>
    public SheetColumn Instances => new("instances", [.. _rows.Select(r => new Figure(InstancesOf(r.Of, r.Variant)))]);

    /// <summary>The compared generation of a row.</summary>
    public SheetColumn Generations => new("at gen.", [.. _rows.Select(r => new Figure($"{r.Of.Generation} of {r.Of.Plan.Rounds}"))]);

    /// <summary>The column of a measure.</summary>
    public SheetColumn Of(Measure measure)
    {
        var (least, most) = Scale(measure);
        return new SheetColumn($"{measure.Title}{Unit(measure)}", [.. _rows.Select(r => Cell(r.Variant, measure, least, most))]);
    }

    /// <summary>Meanings of the columns of one comparison, and the scales of their bars.</summary>
    public IEnumerable<(string Term, string Meaning)> Legend(IReadOnlyCollection<Measure> measures)
    {
        foreach (var measure in measures)
            yield return (
                measure.Title,
                measure.Key == Measure.Distinct2.Key
                    ? $"{measure.Meaning} in the first {comparisons[0].WordBudget} words of the round"
                    : measure.Meaning
            );
        if (measures.Any(m => m.Key == Measure.BareDrift.Key || m.Key == Measure.AgentDrift.Key))
            yield return (
                "floor",
                $"effect of rephrasing the questions on the answers at generation 0: {Measure.BareDrift.Show(comparisons[0].Floor)} "
                    + $"bits (bare), {Measure.AgentDrift.Show(comparisons[0].AgentFloor)} (agent); drift below it is small"
            );
        if (_rows.Any(r => measures.Any(m => Figure.Fewer(r.Variant.Last(m), r.Variant.Units).Length > 0)))
            yield return Figure.FewerMeaning(comparisons[0]);
        yield return (
            unicode ? "bars" : "digits",
            "the mean by generation, from generation 0 on, each measure scaled from 0 (or its minimum, if negative) to its "
                + $"maximum here{(unicode ? "" : ", 9")}; a gap if there is no value"
        );
    }

    /// <summary>
    /// <c>5</c>, or <c>4 of 5</c> if some have not reached the generation; and how many received unplanned input.
    /// </summary>
    public static string InstancesOf(RunComparison comparison, VariantSummary variant)
    {
        var n = variant.Instances;
        var unplanned = comparison.Instances.Count(l => l.Variant == variant.Name && l.IsUnplannedBy(comparison.Generation));
        var count = n == comparison.Plan.Replicates ? $"{n}" : $"{n} of {comparison.Plan.Replicates}";
        return unplanned > 0 ? $"{count}\n{unplanned} unplanned" : count;
    }

    private Figure Cell(VariantSummary variant, Measure measure, double least, double most)
    {
        var bars = Sparkline.Of([.. variant[measure].Select(e => e.Mean - least)], most - least, MostBars, unicode);
        if (measure.Key == Measure.BareDrift.Key && variant.Weights != Weighting.Changed)
            return new Figure("0", variant.Weights == Weighting.NeverTrained ? "by construction" : "still the base", bars);
        if (measure.Key == Measure.HeldOutRise.Key && variant.IsFixed(measure))
            return new Figure(measure.Show(variant.Last(measure).Mean), "unchanged", bars);
        return Figure.Of(measure, variant.Last(measure), bars: bars, of: variant.Units);
    }

    private (double Least, double Most) Scale(Measure measure)
    {
        var means = _rows.SelectMany(r => r.Variant[measure]).Select(e => e.Mean).Where(m => !double.IsNaN(m)).DefaultIfEmpty(0).ToArray();
        return (Math.Min(0, means.Min()), means.Max());
    }

    private static string Unit(Measure measure) =>
        measure.Key switch
        {
            "bareDrift" or "agentDrift" => "\n(bits)",
            "heldOut" => "\n(nats/token)",
            _ => "",
        };
}
