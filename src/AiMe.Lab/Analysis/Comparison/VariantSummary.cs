using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Whether a variant's weights changed.</summary>
public enum Weighting
{
    /// <summary>A training was promoted in at least one instance.</summary>
    Changed,

    /// <summary>
    /// Never trained, by the plan (see <see cref="Trainable"/>): figures of the weights are constant by construction.
    /// </summary>
    NeverTrained,

    /// <summary>Trained, or meant to be, but nothing was promoted: the champion is still the base model.</summary>
    NonePromoted,
}

/// <summary>Figures of a variant over its instances, up to the compared generation.</summary>
/// <param name="Planned">Number of planned instances, the denominator in all sentences.</param>
/// <param name="Censored">Number of instances parked before the compared generation.</param>
/// <param name="Unpromoted">
/// Number of instances that reached it without a promoted training: they have the base model.
/// </param>
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
    /// <summary>How the calls of its instances ended.</summary>
    public CallTally Calls { get; init; } = new();

    /// <summary>A measure by generation.</summary>
    public ImmutableArray<Estimate> this[Measure measure] => Series.Single(s => s.Measure.Key == measure.Key).ByGeneration;

    /// <summary>A measure at the compared generation.</summary>
    public Estimate Last(Measure measure) => this[measure][^1];

    /// <summary>Number of instances that reached the compared generation; a figure may be defined in fewer.</summary>
    public int Instances { get; private init; }

    /// <summary>Number of units of the comparison that reached it: instances, or charters.</summary>
    public int Units => Last(Measure.BareDrift).N;

    /// <summary>Whether a measure could not change, because it depends only on weights that did not change.</summary>
    public bool IsFixed(Measure measure) => measure.OfTheModelAlone && Weights != Weighting.Changed;

    /// <summary>Summarizes a variant.</summary>
    /// <param name="instances">Instances of this variant.</param>
    /// <param name="generation">The compared generation.</param>
    /// <param name="budget">Words for distinct-2.</param>
    public static VariantSummary Of(VariantPlan variant, RunPlan plan, IReadOnlyList<InstanceSummary> instances, int generation, int budget)
    {
        var trainings = TrainingTally.Of(instances.SelectMany(l => l.Trainings).Where(t => t.Round <= generation));
        return new VariantSummary(
            variant.Name,
            !Trainable.ByPlan(variant) ? Weighting.NeverTrained
                : trainings.Promoted == 0 ? Weighting.NonePromoted
                : Weighting.Changed,
            plan.Replicates,
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
                            .Select(g =>
                                Estimate.Of(
                                    UnitMeans.Of(instances.Select(l => (l.Replicate, m.Of(l, g, budget))), plan.Units),
                                    m.Least,
                                    m.Most
                                )
                            )
                            .ToImmutableArray()
                    )
                ),
            ]
        )
        {
            Calls = CallTally.Sum(instances.Select(l => l.Calls)),
            Instances = instances.Count(l => !double.IsNaN(Measure.BareDrift.Of(l, generation, budget))),
        };
    }
}
