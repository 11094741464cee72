using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Computes the comparison of a run.</summary>
internal static class ComparisonBuilder
{
    /// <summary>Computes a comparison at a generation.</summary>
    /// <param name="ordered">Every planned instance, in the order of the plan.</param>
    /// <param name="plannedOnly">Whether instances with unplanned input before the generation are left out.</param>
    public static RunComparison At(RunPlan plan, string? digest, ImmutableArray<InstanceSummary> ordered, int generation, bool plannedOnly)
    {
        var analysis = DefaultAnalysis.Of(plan);
        var declaredAt = DeclaredAt(plan, ordered);
        var budget = ordered.SelectMany(l => l.Rounds).Select(r => r.Words).Where(w => w > 0).DefaultIfEmpty(0).Min();
        ImmutableArray<InstanceSummary> counted = [.. ordered.Where(i => !plannedOnly || !i.IsUnplannedBy(generation))];
        ImmutableArray<VariantSummary> variants =
        [
            .. plan.Variants.Select(v => VariantSummary.Of(v, plan, [.. counted.Where(l => l.Variant == v.Name)], generation, budget)),
        ];
        ImmutableArray<DeclaredTest> tests =
            generation == declaredAt
                ? DeclaredTests.Of(new ContrastData(variants, counted, plan.Units, generation, budget, plan.Seed), analysis)
                : [];
        return new RunComparison(
            plan,
            digest,
            generation,
            budget,
            Mean.Of([.. counted.Select(l => l.Floor).Where(f => !double.IsNaN(f))]),
            Mean.Of([.. counted.Select(l => l.AgentFloor).Where(f => !double.IsNaN(f))]),
            variants,
            PairSummary.All(variants, counted, generation, budget, tests, plan.Units, plan.Seed),
            ordered
        )
        {
            Analysis = analysis,
            DeclaredGeneration = declaredAt,
            Reached = GenerationOf(ordered),
            Tests = tests,
            Family = tests.Count(t => t.IsPrimary),
            // Numbers are no phrases, and a draw may have thousands.
            AllSignatures = new(() => plan.Origin is ModelOrigin.Fitted ? [] : Signature.All(variants, counted, generation)),
            Survival = SurvivalCurve.All(analysis, variants, counted, generation, budget),
            IsPlannedOnly = plannedOnly,
        };
    }

    /// <summary>The generation that is compared if none is selected: the declared one, or the last that can be.</summary>
    public static int Generation(RunPlan plan, ImmutableArray<InstanceSummary> instances) =>
        Math.Min(DeclaredAt(plan, instances), GenerationOf(instances));

    // Without a declaration a run is tested at any time at the last generation; with one, at the end alone.
    private static int DeclaredAt(RunPlan plan, ImmutableArray<InstanceSummary> instances) =>
        plan.Analysis switch
        {
            null => GenerationOf(instances),
            { Generation: { } declared } => declared,
            _ => instances.Any(i => i.Status == InstanceState.Living) ? plan.Rounds : GenerationOf(instances),
        };

    private static int GenerationOf(ImmutableArray<InstanceSummary> instances)
    {
        var going = instances.Where(l => !l.IsCensored).Select(l => l.Reached).ToArray();
        return Math.Max(0, going.Length > 0 ? going.Min() : instances.Max(l => l.Reached));
    }
}
