using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Metrics.Identity;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Batteries;

/// <summary>Self-report and behaviour of an instance on one scale at one generation.</summary>
/// <param name="SelfReport">
/// Mean probability of the agent on the keyed options of the scale's choices, [0, 1]; NaN without an answered one.
/// </param>
/// <param name="Behaviour">
/// Mean score of its answers to the scale's behavioural twins, [0, 1]; NaN if none has a word.
/// </param>
public sealed record TwinScore(double SelfReport, double Behaviour)
{
    /// <summary>The scores of one sitting, by scale, in ordinal order; empty if no open probe is a twin.</summary>
    public static ImmutableSortedDictionary<string, TwinScore> Of(ProbeSet probes, ProbeResults results)
    {
        var twins = probes.Open.Where(p => p.Twin is not null).ToLookup(p => p.Twin!.Measures, StringComparer.Ordinal);
        if (twins.Count == 0)
            return ImmutableSortedDictionary<string, TwinScore>.Empty;
        var answers = Identity.Means(results.Agent);
        var texts = results.Open.ToDictionary(o => o.Probe, o => o.Text, StringComparer.Ordinal);
        return twins.ToImmutableSortedDictionary(
            scale => scale.Key,
            scale => new TwinScore(
                Mean.Of([
                    .. probes
                        .Choices.Where(p => p.Measures == scale.Key && answers.ContainsKey(p.Id))
                        .Select(p => TraitScore.OfItem(answers[p.Id], p.Keyed)),
                ]),
                Mean.Of([.. scale.Select(p => Score(p, texts)).Where(score => !double.IsNaN(score))])
            ),
            StringComparer.Ordinal
        );
    }

    private static double Score(OpenProbe probe, Dictionary<string, string> texts) =>
        texts.TryGetValue(probe.Id, out var text)
            ? AiMe.Metrics.Text.Behaviour.Of(probe.Twin!.ScoredBy, text, probe.Twin.Reversed)
            : double.NaN;
}
