using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Whether a variant can learn at all, as far as its plan alone tells.</summary>
internal static class Trainable
{
    /// <summary>
    /// Not where training is off, where its policy keeps nothing, or where preferences are to be learned and one answer is
    /// sampled: what depends on
    /// its weights alone is then fixed by construction, and nothing of it belongs into a declared family.
    /// </summary>
    public static bool ByPlan(VariantPlan variant) => variant.Trainer.Train && !KeepsNothing(variant) && !LacksRivals(variant);

    /// <summary>Whether its policy begins with keep-none.</summary>
    public static bool KeepsNothing(VariantPlan variant) => variant.Curate is [KeepNone, ..];

    /// <summary>Whether it learns from preferences, but samples nothing that a kept answer could be preferred to.</summary>
    public static bool LacksRivals(VariantPlan variant) => variant is { Trainer.Method: TrainingMethod.Dpo, Self.Candidates: 1 };
}
