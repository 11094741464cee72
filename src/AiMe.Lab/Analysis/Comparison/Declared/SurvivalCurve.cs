using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>The share of a variant's instances that have not crossed a declared bound, by generation.</summary>
/// <param name="N">Number of instances of which a time is known.</param>
/// <param name="Crossed">How many of them crossed the bound, up to the compared generation.</param>
/// <param name="Steps">By time, where an instance crossed or was last seen (Kaplan and Meier).</param>
public sealed record SurvivalCurve(
    DeclaredOutcome.Survival Outcome,
    Measure Measure,
    string Variant,
    int N,
    int Crossed,
    ImmutableArray<SurvivalPoint> Steps
)
{
    /// <summary>
    /// How many instances did not cross the bound and have no value where they were last seen. Those that had a value before
    /// are censored there; those that never had one are not among <see cref="N"/>.
    /// </summary>
    public int Undefined { get; init; }

    /// <summary>The curves of every declared survival outcome, by outcome and variant.</summary>
    /// <param name="instances">Those that count.</param>
    public static ImmutableArray<SurvivalCurve> All(
        AnalysisPlan plan,
        ImmutableArray<VariantSummary> variants,
        IReadOnlyList<InstanceSummary> instances,
        int generation,
        int budget
    ) =>
        [
            .. plan
                .Primary.Concat(plan.Secondary)
                .OfType<DeclaredOutcome.Survival>()
                .Distinct()
                .Where(o => Measure.Find(o.Measure) is not null)
                .SelectMany(o => variants.Select(v => Of(o, Measure.Find(o.Measure)!, v.Name, instances, generation, budget))),
        ];

    /// <summary>The share without a crossing after a generation, in [0, 1]; NaN without instances.</summary>
    public double At(int generation) =>
        N == 0 ? double.NaN : Steps.LastOrDefault(s => s.Time <= generation, new SurvivalPoint { Survival = 1 }).Survival;

    /// <summary>When an instance first crossed the bound, or until when it was seen not to.</summary>
    /// <returns>The time is NaN if the measure is undefined at every generation.</returns>
    internal static SurvivalTime TimeOf(
        InstanceSummary instance,
        DeclaredOutcome.Survival outcome,
        Measure measure,
        int generation,
        int budget
    )
    {
        var last = double.NaN;
        for (var g = 0; g <= Math.Min(generation, instance.Reached); g++)
        {
            var value = measure.Of(instance, g, budget);
            if (outcome.Above ? value > outcome.Bound : value < outcome.Bound)
                return new SurvivalTime(g, Happened: true);
            if (!double.IsNaN(value))
                last = g;
        }

        // A measure that is undefined at the end was not seen to stay: the last value counts.
        return new SurvivalTime(last, Happened: false);
    }

    /// <summary>Whether an instance did not cross the bound, and the measure is undefined in its last round.</summary>
    internal static bool IsLost(InstanceSummary instance, DeclaredOutcome.Survival outcome, Measure measure, int generation, int budget)
    {
        var last = Math.Min(generation, instance.Reached);
        return last > 0
            && double.IsNaN(measure.Of(instance, last, budget))
            && !TimeOf(instance, outcome, measure, generation, budget).Happened;
    }

    private static SurvivalCurve Of(
        DeclaredOutcome.Survival outcome,
        Measure measure,
        string variant,
        IReadOnlyList<InstanceSummary> instances,
        int generation,
        int budget
    )
    {
        SurvivalTime[] times =
        [
            .. instances
                .Where(i => i.Variant == variant)
                .Select(i => TimeOf(i, outcome, measure, generation, budget))
                .Where(t => !double.IsNaN(t.Time)),
        ];
        return new SurvivalCurve(
            outcome,
            measure,
            variant,
            times.Length,
            times.Count(t => t.Happened),
            [.. KaplanMeier.Curve(times, Estimate.Level)]
        )
        {
            Undefined = instances.Count(i => i.Variant == variant && IsLost(i, outcome, measure, generation, budget)),
        };
    }
}
