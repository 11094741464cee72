using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Talk;

/// <summary>One cycle of an instance, from its journal.</summary>
/// <param name="First">Index of its first event in the instance.</param>
/// <param name="Last">Index of its last event before the next cycle; a round's end belongs to it.</param>
/// <param name="Recalled">The memories that were recalled for it.</param>
/// <param name="Stored">The stored experience; null if the input was taken back, or while the cycle is open.</param>
/// <param name="NotAnswered">Why there is no answer, or null.</param>
/// <param name="Failures">Failed attempts, in words.</param>
public sealed record Exchange(
    string Instance,
    int Cycle,
    long First,
    long Last,
    Stimulus Stimulus,
    ImmutableArray<Hit> Recalled,
    Prompt? Prompt,
    ImmutableArray<Candidate> Candidates,
    int Chosen,
    Reflection? Reflection,
    Insight? Insight,
    Judgement? Judgement,
    Stored? Stored,
    string? NotAnswered,
    ImmutableArray<string> Failures
)
{
    /// <summary>The parts of the prompt for which the model had no room.</summary>
    public ImmutableArray<PromptPart> LeftOut { get; private init; } = [];

    /// <summary>The cycles of an instance, in order.</summary>
    public static ImmutableArray<Exchange> All(string instance, ImmutableArray<InstanceEvent> events)
    {
        var starts = Enumerable.Range(0, events.Length).Where(i => events[i].Happened is Heard).ToArray();
        return [.. starts.Select((start, n) => Of(instance, events[start..(n + 1 < starts.Length ? starts[n + 1] : events.Length)]))];
    }

    private static Exchange Of(string instance, ImmutableArray<InstanceEvent> events)
    {
        var heard = (Heard)events[0].Happened;
        var exchange = new Exchange(
            instance,
            heard.Cycle,
            events[0].Index,
            events[^1].Index,
            heard.Stimulus,
            [],
            null,
            [],
            0,
            null,
            null,
            null,
            null,
            null,
            []
        );
        return events.Aggregate(exchange, (e, happened) => e.With(happened.Happened));
    }

    private Exchange With(Event happened) =>
        happened switch
        {
            Recalled { For.Touches: true } r => this with { Recalled = r.Hits[0] },
            Prompted p => this with { Prompt = p.Prompt },
            Answered a => this with
            {
                Candidates = a.Candidates,
                Chosen = a.Chosen,
                LeftOut = a.LeftOut.IsDefaultOrEmpty ? [] : [.. a.LeftOut.Select(i => Prompt!.Parts[i])],
            },
            Reflected r => this with { Reflection = r.Reflection },
            InsightFormed i => this with { Insight = i.Insight },
            Judged j => this with { Judgement = j.Judgement },
            Stored s => this with { Stored = s },
            Withdrew w => this with { NotAnswered = w.Reason },
            GenerationFailed f => this with { Failures = Failures.Add($"answer, attempt {f.Attempt}: {f.Error}") },
            ReflectorGenerationFailed f => this with { Failures = Failures.Add($"{f.What}, attempt {f.Attempt}: {f.Error}") },
            CuratorJudgingFailed f => this with { Failures = Failures.Add($"rating {f.Sample}, attempt {f.Attempt}: {f.Error}") },
            CuratorEmbeddingFailed f => this with { Failures = Failures.Add($"embedding, attempt {f.Attempt}: {f.Error}") },
            MemorySearchFailed f => this with { Failures = Failures.Add($"recall, attempt {f.Attempt}: {f.Error}") },
            _ => this, // a round's end or a fork is not part of the exchange
        };
}
