using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What became of a variant's weights.</summary>
public enum Weighting
{
    /// <summary>A training was promoted in at least one life.</summary>
    Changed,

    /// <summary>
    /// Never trained, by the plan (see <see cref="Trainable"/>): what depends on the weights alone is 0 or the same by
    /// construction.
    /// </summary>
    NeverTrained,

    /// <summary>Trained or meant to be, and nothing was promoted in any life: the champion is still the base model.</summary>
    NonePromoted,
}

/// <summary>A variant in figures: over its lives, up to the generation of the comparison.</summary>
/// <param name="Planned">Lives that were planned; all of them are in the denominators of the text.</param>
/// <param name="Censored">Lives that were parked before the generation of the comparison.</param>
/// <param name="Unpromoted">Lives that reached it without a promoted training: their model is the one at birth.</param>
/// <param name="Series">By measure, in the order of <see cref="Measure.All"/>; shape (generations), from 0.</param>
public sealed record VariantSummary(
    string Name,
    Weighting Weights,
    int Planned,
    int Censored,
    int Unpromoted,
    TrainingTally Trainings,
    ImmutableArray<(Measure Measure, ImmutableArray<Estimate> ByGeneration)> Series
)
{
    /// <summary>A measure by generation.</summary>
    public ImmutableArray<Estimate> this[Measure measure] => Series.Single(s => s.Measure.Key == measure.Key).ByGeneration;

    /// <summary>A measure at the generation of the comparison.</summary>
    public Estimate Last(Measure measure) => this[measure][^1];

    /// <summary>Lives that reached the generation of the comparison; a figure may be defined in fewer of them.</summary>
    public int Instances => Last(Measure.BareDrift).N;

    /// <summary>Whether a measure could not change here, whatever was lived.</summary>
    public bool IsFixed(Measure measure) => measure.OfTheModelAlone && Weights != Weighting.Changed;

    /// <summary>The summary of a variant's lives.</summary>
    /// <param name="instances">Of this variant.</param>
    /// <param name="generation">The generation of the comparison.</param>
    /// <param name="budget">Words for distinct-2.</param>
    public static VariantSummary Of(VariantPlan variant, int planned, IReadOnlyList<InstanceSummary> instances, int generation, int budget)
    {
        var trainings = TrainingTally.Of(instances.SelectMany(l => l.Trainings).Where(t => t.Round <= generation));
        return new VariantSummary(
            variant.Name,
            !Trainable.ByPlan(variant) ? Weighting.NeverTrained
                : trainings.Promoted == 0 ? Weighting.NonePromoted
                : Weighting.Changed,
            planned,
            instances.Count(l => l.IsCensored && l.Reached < generation),
            instances.Count(l =>
                l.Reached >= generation && !l.Trainings.Any(t => t.Outcome == RoundOutcome.Promoted && t.Round <= generation)
            ),
            trainings,
            [
                .. Measure.All.Select(m =>
                    (
                        m,
                        Enumerable
                            .Range(0, generation + 1)
                            .Select(g => Estimate.Of(instances.Select(l => m.Of(l, g, budget)), m.Least, m.Most))
                            .ToImmutableArray()
                    )
                ),
            ]
        );
    }
}
