using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Experiments;

/// <summary>The tests of one A/A experiment.</summary>
/// <param name="Tests">By family, in the order of <see cref="AaFamilies.All"/>.</param>
/// <param name="Relabelled">The same after each relabelling.</param>
internal sealed record AaResult(
    ImmutableArray<ImmutableArray<DeclaredTest>> Tests,
    ImmutableArray<ImmutableArray<ImmutableArray<DeclaredTest>>> Relabelled
);

/// <summary>A/A experiments: variants that differ in their names alone.</summary>
internal static class AaStudy
{
    /// <summary>Tests a run by every family.</summary>
    /// <param name="relabellings">
    /// How often the variants exchange their names, replicate by replicate. Under the null all namings are equally likely,
    /// so the share of them that is rejected is the size of a test given the values, ties included.
    /// </param>
    public static AaResult Test(RunRecord record, int relabellings)
    {
        ImmutableArray<InstanceSummary> instances = [.. record.Instances.Select(i => InstanceSummary.Of(record.Plan, i))];
        var random = new SplitMix(record.Plan.Seed.Derive("relabelling").Value);
        return new AaResult(
            TestsOf(record, instances),
            [.. Enumerable.Range(0, relabellings).Select(_ => TestsOf(record, Relabelled(record.Plan, instances, ref random)))]
        );
    }

    private static ImmutableArray<ImmutableArray<DeclaredTest>> TestsOf(RunRecord record, ImmutableArray<InstanceSummary> instances) =>
        [
            .. AaFamilies.All.Select(family =>
                RunComparison.Of(record.Run with { Plan = record.Plan with { Analysis = family.Plan } }, instances).Tests
            ),
        ];

    private static ImmutableArray<InstanceSummary> Relabelled(RunPlan plan, ImmutableArray<InstanceSummary> instances, ref SplitMix random)
    {
        var relabelled = ImmutableArray.CreateBuilder<InstanceSummary>();
        for (var replicate = 1; replicate <= plan.Replicates; replicate++)
        {
            var variants = Shuffled([.. plan.Variants], ref random);
            relabelled.AddRange(
                instances
                    .Where(i => i.Replicate == replicate)
                    .Select((i, at) => i with { Variant = variants[at].Name, Instance = RunPlan.NameOf(variants[at], replicate) })
            );
        }

        return relabelled.ToImmutable();
    }

    // Fisher and Yates; the modulus of 64 bits is as good as uniform.
    private static VariantPlan[] Shuffled(VariantPlan[] variants, ref SplitMix random)
    {
        for (var i = variants.Length - 1; i > 0; i--)
        {
            var j = (int)(random.Next() % (ulong)(i + 1));
            (variants[i], variants[j]) = (variants[j], variants[i]);
        }

        return variants;
    }
}
