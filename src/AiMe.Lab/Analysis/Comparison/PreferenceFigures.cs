using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>How far the answers of preference training are from what they are preferred to.</summary>
/// <remarks>
/// In words, and not in the frozen embedding: texts alone are needed, and these are journalled, so the figure exists for every recorded
/// run and no model is called. Identical texts, which are not trained on, count as 0. Source: docs/SCIENCE.md, "preference distance".
/// </remarks>
public static class PreferenceFigures
{
    /// <summary>The mean distance of chosen and rejected answers by round; a round without a pair is not in it.</summary>
    /// <param name="events">All events of the instance, in order.</param>
    /// <param name="settled">Its experiences with their final verdicts.</param>
    public static ImmutableDictionary<int, double> ByRound(IReadOnlyCollection<Event> events, IReadOnlyCollection<Stored> settled)
    {
        var outputs = settled.DistinctBy(s => s.Id).ToDictionary(s => s.Id, s => s.Output);
        var ofAnother = events
            .OfType<Sealed>()
            .Where(s => !s.Rejected.IsDefault)
            .SelectMany(s => s.Kept.Zip(s.Rejected, (kept, rejected) => (s.Round, Kept: kept, Rejected: rejected)))
            .Where(p => outputs.ContainsKey(p.Kept))
            .Select(p => (p.Round, Chosen: outputs[p.Kept], p.Rejected));
        var ofCandidates = settled
            .Where(s => s.Verdict == Verdict.Keep && !s.Others.IsDefaultOrEmpty)
            .SelectMany(s => s.Others.Select(other => (s.Round, Chosen: s.Output, Rejected: other)));
        return ofAnother
            .Concat(ofCandidates)
            .Select(p => (p.Round, Distance: WordEditDistance.Of(p.Chosen, p.Rejected)))
            .Where(p => !double.IsNaN(p.Distance))
            .GroupBy(p => p.Round, p => p.Distance)
            .ToImmutableDictionary(r => r.Key, r => Mean.Of([.. r]));
    }
}
