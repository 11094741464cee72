using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>What is run.</summary>
/// <param name="Variants">Each with its settings by the keys of an experiment file.</param>
/// <param name="Replicates">Instances of each variant.</param>
/// <param name="Instances">In all.</param>
/// <param name="Experiences">Of each instance.</param>
/// <param name="Rounds">Of each instance.</param>
/// <param name="Stimuli">Number of stimuli of each instance.</param>
/// <param name="Seed">Seed of the run; every other seed is derived from it.</param>
/// <param name="Blocks">The seed that the variants of each replicate share.</param>
public sealed record RegisteredDesign(
    ImmutableArray<RegisteredVariant> Variants,
    int Replicates,
    int Instances,
    int Experiences,
    int Rounds,
    int Stimuli,
    Seed Seed,
    ImmutableArray<Seed> Blocks
)
{
    internal static RegisteredDesign Of(RunPlan plan) =>
        new(
            [
                .. plan.Variants.Select(v => new RegisteredVariant(
                    v.Name,
                    SettingKeys.Of(v).ToImmutableSortedDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal)
                )),
            ],
            plan.Replicates,
            plan.Replicates * plan.Variants.Length,
            plan.Cycles,
            plan.Rounds,
            plan.Stimuli.Length,
            plan.Seed,
            [.. Enumerable.Range(1, plan.Replicates).Select(plan.BlockSeed)]
        );
}

/// <summary>A variant with its settings.</summary>
public sealed record RegisteredVariant(string Name, ImmutableSortedDictionary<string, string> Settings);
