using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Batteries;
using AiMe.Metrics.Identity;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Figures of the probes at one generation of an instance.</summary>
/// <param name="BareDrift">Identity drift of the bare model from generation 0, bits in [0, 1].</param>
/// <param name="AgentDrift">Identity drift of the whole agent from generation 0, bits in [0, 1].</param>
/// <param name="HeldOut">Held-out cross-entropy, nats per token.</param>
/// <param name="HeldOutRise">Held-out cross-entropy relative to generation 0, minus 1: .05 is 5% worse.</param>
/// <param name="Keyed">Mean probability of the bare model for the option that fits the charter, in [0, 1].</param>
/// <param name="Traits">The same by trait or value, in ordinal order of the name.</param>
public sealed record GenerationFigures(
    int Generation,
    double BareDrift,
    double AgentDrift,
    double HeldOut,
    double HeldOutRise,
    double Keyed,
    ImmutableSortedDictionary<string, double> Traits
)
{
    /// <summary>What the model of this generation was trained on.</summary>
    public TrainingDose Dose { get; init; } = TrainingDose.Unknown;

    /// <summary>Self-report and behaviour of the agent by scale; empty if the battery has no behavioural twin.</summary>
    public ImmutableSortedDictionary<string, TwinScore> Twins { get; init; } = ImmutableSortedDictionary<string, TwinScore>.Empty;

    /// <summary>Computes the figures of a generation from its probes and those of generation 0.</summary>
    public static GenerationFigures Of(ProbeSet probes, Probed now, Probed atZero)
    {
        var answers = Identity.Means(now.Results.Bare);
        var scores = probes
            .Choices.Where(p => answers.ContainsKey(p.Id))
            .Select(p => (p.Measures, Score: TraitScore.OfItem(answers[p.Id], p.Keyed)))
            .ToArray();
        return new GenerationFigures(
            now.Generation,
            Identity.Drift(now.Results.Bare, atZero.Results.Bare),
            Identity.Drift(now.Results.Agent, atZero.Results.Agent),
            now.Results.HeldOut,
            now.Results.HeldOut / atZero.Results.HeldOut - 1,
            TraitScore.Of([.. scores.Select(s => s.Score)]),
            scores
                .GroupBy(s => s.Measures, s => s.Score, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(g => g.Key, g => TraitScore.Of([.. g]), StringComparer.Ordinal)
        )
        {
            Twins = TwinScore.Of(probes, now.Results),
        };
    }
}
