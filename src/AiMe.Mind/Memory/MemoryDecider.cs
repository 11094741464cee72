using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>Memory: stores the whole experience, answers recall, forgets by policy, and seals a round's batch.</summary>
public sealed class MemoryDecider : IDecider<MemoryState, MemoryCommand, MemoryEvent>
{
    /// <summary>Searches for one recall before the instance is parked.</summary>
    public const int Attempts = 3;

    /// <inheritdoc />
    public static MemoryState Initial { get; } = new("", null, Every: 1, Cycle: 0, [], [], null, null, Failures: 0, Error: null);

    /// <inheritdoc />
    public static Decision<MemoryEvent> Decide(MemoryState state, MemoryCommand command) => command switch
    {
        BeginMemory b when state.Settings is null => Decision.Accept<MemoryEvent>([new MemoryBegan(b.Instance, b.Settings, b.Every)]).Then(Loop.Began(Loop.Memory)),
        BeginMemory => Again.With(Loop.Began(Loop.Memory)),
        _ when state.Settings is null => new Refusal("Memory has not begun: BeginMemory comes first"),

        Recall r when state.Answered?.For == r.For => Again.With(Loop.RecallFound(state.Answered, state.Newest)),
        Recall r when state.HasPassed(r.For) => Again.Nothing,
        Recall r => Again.With(Search(state, r.For, r.Queries, r.At)),
        MemorySearched s when state.Answered?.For == s.For => Again.With(Loop.RecallFound(state.Answered, state.Newest)),
        MemorySearched s when state.HasPassed(s.For) => Again.Nothing,
        MemorySearched s => Remember(state, s),
        SearchFailed f when state.Answered?.For == f.For || state.HasPassed(f.For) || f.Attempt != state.Failures + 1 => Again.Nothing,
        SearchFailed f => Retry(state, f),

        Store s when s.Draft.Cycle > state.Cycle => Close(state, s),
        Store s when s.Draft.Cycle == state.Cycle => Again.With(HandOn(state, s.Draft.Cycle)),
        Store => Again.Nothing, // of a cycle long closed
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public static MemoryState Evolve(MemoryState state, MemoryEvent happened) => happened switch
    {
        MemoryBegan b => state with { Instance = b.Instance, Settings = b.Settings, Every = b.Every },
        Recalled r => state with { Answered = r, Failures = 0, Error = null, Items = r.For.Touches ? Touch(state.Items, r) : state.Items },
        MemorySearchFailed f => state with { Failures = f.Attempt, Error = f.Error },
        Stored s => state with
        {
            Cycle = s.Cycle,
            Batch = Batch(state, s),
            Items = s.Verdict == Verdict.Reject ? state.Items : state.Items.Add(new MemoryItem(s.Id, TextOf(s.Input, s.Output), s.Importance, s.Timestamp, s.Embedding)),
        },
        // An insight is as important as anything can be: it sums up many experiences.
        InsightStored i => state with { Newest = i.Insight, Items = state.Items.Add(new MemoryItem(i.Insight.Id, i.Insight.Statement, 10, i.At, i.Embedding)) },
        Forgot f => state with { Items = state.Items.RemoveAll(item => f.Ids.Contains(item.Id)) },
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    /// <remarks>Nothing: what comes to Memory can be asked again by the Self, who still owes it.</remarks>
    public static ImmutableArray<Effect> Pending(MemoryState state) => [];

    /// <summary>An exchange as it stands in a prompt when it is recalled.</summary>
    public static string TextOf(string input, string output) => $"Q: {input} A: {output}";

    private static Effect Search(MemoryState state, RecallFor reason, ImmutableArray<string> queries, DateTime at) => state.Failures < Attempts
        ? new SearchMemory(state.Failures + 1, reason, queries, new MemoryView(state.Instance, state.Settings!, state.Items, at))
        : Loop.Park(state.Instance, state.Error!);

    private static Decision<MemoryEvent> Remember(MemoryState state, MemorySearched s)
    {
        var recalled = new Recalled(s.For, s.At, s.Hits);
        return Decision.Accept<MemoryEvent>([recalled]).Then(Loop.RecallFound(recalled, state.Newest));
    }

    private static Decision<MemoryEvent> Retry(MemoryState state, SearchFailed f)
    {
        var noted = new MemorySearchFailed(f.For, f.Attempt, f.Error);
        return Decision.Accept<MemoryEvent>([noted]).Then(Search(Evolve(state, noted), f.For, f.Queries, f.At));
    }

    private static Decision<MemoryEvent> Close(MemoryState state, Store s)
    {
        var d = s.Draft;
        var stored = new Stored(
            d.Stimulus.Text,
            d.Answer.Text,
            s.Reflection.Text,
            d.At,
            d.Id,
            d.Cycle,
            state.RoundOf(d.Cycle),
            d.Stimulus.Topic,
            d.Stimulus.Internal,
            [.. d.Prompt.Recalled],
            d.Answer.Scores with { Alignment = s.Reflection.Alignment, Quality = s.Reflection.Quality },
            s.Judgement.Novelty,
            s.Reflection.Importance,
            s.Judgement.Verdict,
            [.. s.Judgement.Reasons],
            d.Model,
            d.Prompt.WithoutRecall(),
            s.Whole,
            s.Heads);
        var incoming = (s.Judgement.Verdict == Verdict.Reject ? 0 : 1) + (s.Insight is null ? 0 : 1);
        var surplus = Forgetting.Surplus(state.Items, incoming, state.Settings!, d.At);

        // The stored experience comes last, because it closes the cycle.
        ImmutableArray<MemoryEvent> events =
        [
            .. surplus.IsEmpty ? Array.Empty<MemoryEvent>() : [new Forgot(surplus)],
            .. s.Insight is { } i ? new MemoryEvent[] { new InsightStored(i.Insight, d.At, i.Embedding) } : [],
            stored,
        ];
        return Decision.Accept(events.AsSpan()).Then(HandOn(events.Aggregate(state, Evolve), d.Cycle));
    }

    private static Tell HandOn(MemoryState state, int cycle) => state.EndsRound(cycle)
        ? Loop.Seal(state.RoundOf(cycle), state.Batch)
        : Loop.CycleClosed(state.Instance, cycle, generation: null);

    private static ImmutableList<Example> Batch(MemoryState state, Stored s)
    {
        var current = state.EndsRound(s.Cycle - 1) ? [] : state.Batch; // the first cycle of a round begins a new batch
        return s.Verdict == Verdict.Keep ? current.Add(new Example(s.Id, s.Bare, s.Output)) : current;
    }

    private static ImmutableList<MemoryItem> Touch(ImmutableList<MemoryItem> items, Recalled recalled)
    {
        foreach (var hit in recalled.Hits.SelectMany(hits => hits))
        {
            var at = items.FindIndex(item => item.Id == hit.Id);
            if (at >= 0)
                items = items.SetItem(at, items[at] with { Used = recalled.At });
        }

        return items;
    }
}
