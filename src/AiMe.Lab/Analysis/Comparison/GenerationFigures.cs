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

    /// <summary>Measures of the bare model itself; null if they were not recorded.</summary>
    public ModelMeasures? Model { get; init; }

    /// <summary>Mean probability of the whole agent for the option that fits the charter, in [0, 1].</summary>
    public double PromptToLine { get; init; } = double.NaN;

    /// <summary>
    /// Mean over probes of the share of pairs of paraphrases to which the whole agent gives the same option, in [0, 1].
    /// </summary>
    public double LineToLine { get; init; } = double.NaN;

    /// <summary>1 - mean difference of an item's keyed scores between paraphrases, of the bare model, in [0, 1].</summary>
    public double Stability { get; init; } = double.NaN;

    /// <summary>Self-report and behaviour of the agent by scale; empty if the battery has no behavioural twin.</summary>
    public ImmutableSortedDictionary<string, TwinScore> Twins { get; init; } = ImmutableSortedDictionary<string, TwinScore>.Empty;

    /// <summary>Computes the figures of an instance's generations from its probes.</summary>
    /// <param name="probed">In order of generations, from 0.</param>
    public static IEnumerable<GenerationFigures> All(ProbeSet probes, IReadOnlyList<Probed> probed)
    {
        var (bareAtZero, agentAtZero) =
            probed.Count == 0 ? default : (Sitting.Of(probed[0].Results.Bare), Sitting.Of(probed[0].Results.Agent));
        foreach (var now in probed)
        {
            var (bare, agent) = ReferenceEquals(now, probed[0])
                ? (bareAtZero, agentAtZero)
                : (Sitting.Of(now.Results.Bare), Sitting.Of(now.Results.Agent));
            var scores = ItemScores(probes, bare.Means);
            yield return new GenerationFigures(
                now.Generation,
                Identity.Drift(bare.Means, bareAtZero.Means),
                Identity.Drift(agent.Means, agentAtZero.Means),
                now.Results.HeldOut,
                now.Results.HeldOut / probed[0].Results.HeldOut - 1,
                TraitScore.Of([.. scores.Select(s => s.Score)]),
                scores
                    .GroupBy(s => s.Measures, s => s.Score, StringComparer.Ordinal)
                    .ToImmutableSortedDictionary(g => g.Key, g => TraitScore.Of([.. g]), StringComparer.Ordinal)
            )
            {
                Model = now.Results.Measures,
                PromptToLine = TraitScore.Of([.. ItemScores(probes, agent.Means).Select(s => s.Score)]),
                LineToLine = Consistency.LineToLine(agent.Rows),
                Stability = TraitScore.Stability([.. Forms(probes, bare.Rows)]),
                Twins = TwinScore.Of(probes, now.Results),
            };
        }
    }

    private static (string Measures, double Score)[] ItemScores(ProbeSet probes, Dictionary<string, double[]> answers) =>
        [.. probes.Choices.Where(p => answers.ContainsKey(p.Id)).Select(p => (p.Measures, TraitScore.OfItem(answers[p.Id], p.Keyed)))];

    // The keyed score of each known wording of each item.
    private static IEnumerable<IReadOnlyList<double>> Forms(ProbeSet probes, Dictionary<string, IReadOnlyList<double[]>> rows) =>
        probes
            .Choices.Where(p => rows.ContainsKey(p.Id))
            .Select(IReadOnlyList<double> (p) => [.. rows[p.Id].Select(row => TraitScore.OfItem(row, p.Keyed))]);

    private readonly record struct Sitting(Dictionary<string, IReadOnlyList<double[]>> Rows, Dictionary<string, double[]> Means)
    {
        public static Sitting Of(ImmutableArray<ChoiceResult> results)
        {
            var rows = Identity.Rows(results);
            return new(rows, Identity.Means(rows));
        }
    }
}
