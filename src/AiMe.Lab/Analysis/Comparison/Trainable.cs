using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Determines from the plan whether a variant can be trained.</summary>
internal static class Trainable
{
    /// <summary>
    /// False if training is off, if the policy keeps nothing, or if preferences are to be learned from a single sampled
    /// answer: figures of the weights are then fixed by construction and do not belong to a declared family.
    /// </summary>
    public static bool ByPlan(VariantPlan variant) => variant.Trainer.Train && !KeepsNothing(variant) && !LacksRivals(variant);

    /// <summary>Whether the policy begins with keep-none.</summary>
    public static bool KeepsNothing(VariantPlan variant) => Policy.RulesOf(variant.Curate) is [KeepNone, ..];

    /// <summary>Whether the variant learns from preferences, but samples no alternative to a kept answer.</summary>
    public static bool LacksRivals(VariantPlan variant) =>
        variant is { Trainer.Method: TrainingMethod.Dpo { Rejected: RejectedFrom.Candidates }, Self.Candidates: 1 };
}
