using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.History;

/// <summary>An experience with its final verdict.</summary>
/// <param name="Review">What people decided on it; null if it was not held for them, or its round is not sealed.</param>
public sealed record SettledExperience(Stored Stored, SettledReview? Review);

/// <summary>
/// Experiences with their final verdicts: what is held until the end of its round is then kept if a matched policy draws it, and
/// kept or rejected if people decided so.
/// </summary>
public static class SettledVerdicts
{
    /// <summary>The experiences in the events of an instance, in their order.</summary>
    public static IEnumerable<Stored> Of(IEnumerable<Event> events) => WithReviews(events).Select(s => s.Stored);

    /// <summary>The same with what people decided.</summary>
    public static IEnumerable<SettledExperience> WithReviews(IEnumerable<Event> events)
    {
        List<Stored> stored = [];
        Verdicts verdicts = new();
        foreach (var happened in events)
        {
            verdicts.Note(happened);
            if (happened is Stored s)
                stored.Add(s);
        }

        return stored.Select(verdicts.Settle);
    }

    /// <summary>The same as <see cref="Of"/> for a stream of events; it holds back no more than one round.</summary>
    public static async IAsyncEnumerable<Stored> OfAsync(
        IAsyncEnumerable<Event> events,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var settled in WithReviewsAsync(events, cancellationToken))
            yield return settled.Stored;
    }

    /// <summary>The same with what people decided.</summary>
    public static async IAsyncEnumerable<SettledExperience> WithReviewsAsync(
        IAsyncEnumerable<Event> events,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<Stored> waiting = [];
        Verdicts verdicts = new();
        await foreach (var happened in events.WithCancellation(cancellationToken))
        {
            verdicts.Note(happened);
            if (happened is not Stored stored)
                continue;
            // the draw of a round precedes its last experience, and people's verdicts precede the first of the next
            if (waiting.Count > 0 && stored.Round != waiting[0].Round)
            {
                foreach (var earlier in waiting)
                    yield return verdicts.Settle(earlier);
                waiting.Clear();
            }

            if (stored is { ShadowKeeps: null, Review: null } && waiting.Count == 0)
                yield return new SettledExperience(stored, Review: null);
            else
                waiting.Add(stored);
        }

        foreach (var last in waiting)
            yield return verdicts.Settle(last);
    }

    private sealed class Verdicts
    {
        private readonly HashSet<MemoryId> _drawn = [];
        private readonly HashSet<int> _rounds = [];
        private readonly Dictionary<MemoryId, SettledReview> _reviewed = [];

        public void Note(Event happened)
        {
            if (happened is BatchDrawn draw)
            {
                _drawn.UnionWith(draw.Ids);
                _rounds.Add(draw.Round);
            }
            else if (happened is HeldSettled held)
            {
                foreach (var settled in held.Settled)
                    _reviewed[settled.Id] = settled;
            }
        }

        public SettledExperience Settle(Stored stored) =>
            _reviewed.TryGetValue(stored.Id, out var review)
                ? new(stored with { Verdict = review.Verdict, Reasons = [ReviewWords.Reason(review)] }, review)
                : new(Drawn(stored), Review: null);

        private Stored Drawn(Stored stored) =>
            _drawn.Contains(stored.Id) ? stored with { Verdict = Verdict.Keep, Reasons = ["matched: drawn at the end of the round"] }
            : AwaitedDraw(stored) && _rounds.Contains(stored.Round)
                ? stored with
                {
                    Reasons = ["matched: not drawn at the end of the round"],
                }
            : stored;

        private static bool AwaitedDraw(Stored stored) =>
            stored is { ShadowKeeps: not null, Verdict: Verdict.Hold }
            && stored.Reasons is [var first, ..]
            && first.StartsWith("matched: ", StringComparison.Ordinal);
    }
}
