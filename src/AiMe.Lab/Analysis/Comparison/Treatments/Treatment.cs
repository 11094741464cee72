using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison.Treatments;

/// <summary>What begins before one planned cycle in one variant, with the variants that it is compared with.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="Variant">The treated variant.</param>
/// <param name="First">The first generation whose figures it can change: that of the round with the cycle.</param>
/// <param name="Actions">In the order of the file.</param>
/// <param name="Controls">The variants that it is compared with; empty if every variant is treated.</param>
public sealed record Treatment(
    int Cycle,
    string Variant,
    int First,
    ImmutableArray<InterventionAction> Actions,
    ImmutableArray<string> Controls
)
{
    /// <summary>The treatments of a plan, by cycle, then by variant in the order of the file.</summary>
    public static ImmutableArray<Treatment> All(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            .. plan
                .Variants.SelectMany(v =>
                    plan.Scheduled.Where(s => s.Treats(v.Name))
                        .GroupBy(s => s.Cycle)
                        .Select(g => new Treatment(g.Key, v.Name, GenerationOf(plan, g.Key), [.. g.Select(s => s.Do)], ControlsOf(plan, v)))
                )
                .OrderBy(t => t.Cycle),
        ];
    }

    /// <summary>When it begins and what it does: <c>from cycle 40 on, treated keeps everything</c>.</summary>
    public string Sentence => $"from cycle {Cycle} on (generation {First}), {Variant} {Words}";

    /// <summary>The actions in words.</summary>
    public string Words => InterventionWords.Of(Actions);

    private static int GenerationOf(RunPlan plan, int cycle) => (cycle - 1) / plan.Every + 1;

    // The untreated variants with the same settings, else all untreated ones.
    private static ImmutableArray<string> ControlsOf(RunPlan plan, VariantPlan treated)
    {
        VariantPlan[] untreated = [.. plan.Variants.Where(v => plan.Scheduled.All(s => !s.Treats(v.Name)))];
        VariantPlan[] twins = [.. untreated.Where(v => IsTwin(v, treated))];
        return [.. (twins.Length > 0 ? twins : untreated).Select(v => v.Name)];
    }

    private static bool IsTwin(VariantPlan a, VariantPlan b) =>
        a with { Name = "", Curate = [], SeedsOf = null } == b with { Name = "", Curate = [], SeedsOf = null }
        && a.Curate.SequenceEqual(b.Curate);
}
