using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Runs.Talk;

/// <summary>
/// An experiment's settings for a single instance without planned stimuli; users give it all its input.
/// </summary>
public static class AdHocExperiment
{
    /// <summary>
    /// Leaves one variant with one replicate and no stimuli; the run id then follows from the name and the remaining
    /// settings.
    /// </summary>
    /// <param name="variant">One of the experiment's.</param>
    /// <param name="name">
    /// Name of run and instance, in place of the experiment's and the variant's: lower-case letters, digits and
    /// hyphens; or null.
    /// </param>
    public static Experiment Of(Experiment experiment, VariantPlan variant, string? name) =>
        experiment with
        {
            Name = name ?? experiment.Name,
            Replicates = 1,
            Stimuli = [],
            InternalEvery = 0,
            Model = experiment.ModelOf(variant), // no other variant needs another model
            Variants = [variant with { Name = name ?? variant.Name, Model = null }],
        };
}
