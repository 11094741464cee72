using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.History;

/// <summary>
/// Experiences with their final verdicts: under a matched policy one is held until the end of its round, and then kept if it is
/// drawn.
/// </summary>
public static class SettledVerdicts
{
    /// <summary>The experiences in the events of an instance, in their order.</summary>
    public static IEnumerable<Stored> Of(IEnumerable<Event> events)
    {
        List<Stored> stored = [];
        Draws draws = new();
        foreach (var happened in events)
        {
            if (happened is BatchDrawn b)
                draws.Add(b);
            else if (happened is Stored s)
                stored.Add(s);
        }

        return stored.Select(draws.Settle);
    }

    /// <summary>The same for a stream of events; it holds back no more than one round.</summary>
    public static async IAsyncEnumerable<Stored> OfAsync(
        IAsyncEnumerable<Event> events,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<Stored> waiting = [];
        Draws draws = new();
        await foreach (var happened in events.WithCancellation(cancellationToken))
        {
            if (happened is BatchDrawn b)
                draws.Add(b);
            if (happened is not Stored stored)
                continue;
            // the draw of a round precedes its last experience
            if (waiting.Count > 0 && stored.Round != waiting[0].Round)
            {
                foreach (var earlier in waiting)
                    yield return draws.Settle(earlier);
                waiting.Clear();
            }

            if (stored.ShadowKeeps is null && waiting.Count == 0)
                yield return stored;
            else
                waiting.Add(stored);
        }

        foreach (var last in waiting)
            yield return draws.Settle(last);
    }

    private sealed class Draws
    {
        private readonly HashSet<MemoryId> _drawn = [];
        private readonly HashSet<int> _rounds = [];

        public void Add(BatchDrawn draw)
        {
            _drawn.UnionWith(draw.Ids);
            _rounds.Add(draw.Round);
        }

        public Stored Settle(Stored stored) =>
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
