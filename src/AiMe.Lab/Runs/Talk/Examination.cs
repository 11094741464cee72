using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Models;

namespace AiMe.Lab.Runs.Talk;

/// <summary>The identity probes, answered by an instance now. Nothing is recorded in the instance.</summary>
/// <param name="Results">The answers.</param>
/// <param name="BareDrift">
/// Drift of the bare model since generation 0, in bits; NaN without probes at generation 0.
/// </param>
/// <param name="AgentDrift">Drift of the whole agent.</param>
public sealed record Examination(ProbeResults Results, double BareDrift, double AgentDrift)
{
    /// <summary>Asks the probes.</summary>
    /// <param name="events">Events of the instance up to now, birth included.</param>
    /// <exception cref="Models.ProviderException">The model or the embedder did not answer.</exception>
    public static async Task<Examination> AskAsync(
        string instance,
        ImmutableArray<InstanceEvent> events,
        IEffects effects,
        CancellationToken cancellationToken
    )
    {
        var self = (SelfState)events.Last(e => e.Faculty == Loop.Self).State;
        var memory = (MemoryState)events.Last(e => e.Faculty == Loop.Memory).State;
        var recall = SelfRequests.RecallForProbes(self, self.Generation);
        var searched = await effects.RunAsync(
            instance,
            new SearchMemory(1, recall.For, recall.Queries, new MemoryView(instance, memory.Settings!, memory.Items, recall.At)),
            cancellationToken
        );
        if (searched is not MemorySearched found)
            throw new Models.ProviderException(((SearchFailed)searched).Error);
        var asked = await effects.RunAsync(
            instance,
            SelfRequests.Probe(self, new RecallFound(recall.For, found.Hits, Newest: null), attempt: 1),
            cancellationToken
        );
        if (asked is not ProbesAnswered answered)
            throw new Models.ProviderException(((ProbesFailed)asked).Error);
        var birth = events.Select(e => e.Happened).OfType<Probed>().First().Results;
        return new Examination(
            answered.Results,
            Identity.Drift(birth.Bare, answered.Results.Bare),
            Identity.Drift(birth.Agent, answered.Results.Agent)
        );
    }
}
