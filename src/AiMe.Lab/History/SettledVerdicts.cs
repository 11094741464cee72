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
        HashSet<MemoryId> drawn = [];
        foreach (var happened in events)
        {
            if (happened is BatchDrawn b)
                drawn.UnionWith(b.Ids);
            else if (happened is Stored s)
                stored.Add(s);
        }

        return stored.Select(s => Settle(s, drawn));
    }

    /// <summary>The same for a stream of events; it holds back no more than one round.</summary>
    public static async IAsyncEnumerable<Stored> OfAsync(
        IAsyncEnumerable<Event> events,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<Stored> waiting = [];
        HashSet<MemoryId> drawn = [];
        await foreach (var happened in events.WithCancellation(cancellationToken))
        {
            if (happened is BatchDrawn b)
                drawn.UnionWith(b.Ids);
            if (happened is not Stored stored)
                continue;
            // the draw of a round precedes its last experience
            if (waiting.Count > 0 && stored.Round != waiting[0].Round)
            {
                foreach (var earlier in waiting)
                    yield return Settle(earlier, drawn);
                waiting.Clear();
            }

            if (stored.ShadowKeeps is null && waiting.Count == 0)
                yield return stored;
            else
                waiting.Add(stored);
        }

        foreach (var last in waiting)
            yield return Settle(last, drawn);
    }

    private static Stored Settle(Stored stored, HashSet<MemoryId> drawn) =>
        drawn.Contains(stored.Id) ? stored with { Verdict = Verdict.Keep } : stored;
}
