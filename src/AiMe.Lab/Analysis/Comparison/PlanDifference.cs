using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Finds the differences between the plans of two runs.</summary>
public static class PlanDifference
{
    /// <summary>
    /// The differing parts in words, such as <c>seed</c> or <c>the settings of aligned</c>; empty if only the names
    /// differ.
    /// </summary>
    public static ImmutableArray<string> Between(RunPlan first, RunPlan second)
    {
        (string What, RunPlan Changed)[] parts =
        [
            ("version of the loop", first with { LoopVersion = second.LoopVersion }),
            ("analysis", first with { Analysis = second.Analysis }),
            ("seed", first with { Seed = second.Seed }),
            ("replicates", first with { Replicates = second.Replicates }),
            ("base model", first with { Base = second.Base }),
            ("charter", first with { Charter = second.Charter, Charters = second.Charters }),
            ("probes", first with { Probes = second.Probes }),
            ("stimuli", first with { Stimuli = second.Stimuli, InternalEvery = second.InternalEvery }),
            ("length of a round", first with { Every = second.Every }),
            ("interventions", first with { Interventions = second.Interventions }),
            ("time", first with { Epoch = second.Epoch, Tick = second.Tick }),
        ];
        return [.. parts.Where(p => !Same(first, p.Changed)).Select(p => p.What), .. Variants(first, second)];
    }

    private static IEnumerable<string> Variants(RunPlan first, RunPlan second)
    {
        foreach (var variant in first.Variants)
        {
            if (second.Variants.FirstOrDefault(v => v.Name == variant.Name) is not { } other)
                yield return $"{variant.Name} (missing)";
            else if (!Same(first with { Variants = [variant] }, first with { Variants = [other] }))
                yield return $"the settings of {variant.Name}";
        }

        foreach (var added in second.Variants.Where(v => first.Variants.All(f => f.Name != v.Name)))
            yield return $"{added.Name} (added)";
    }

    // Compares the journal form: records with arrays do not compare by value.
    private static bool Same(RunPlan a, RunPlan b) =>
        FacultyEvents.Codec.Write(new RunPlanned(a)).AsSpan().SequenceEqual(FacultyEvents.Codec.Write(new RunPlanned(b)));
}
