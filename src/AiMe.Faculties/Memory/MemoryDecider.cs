using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Memory;

/// <summary>Memory: stores the whole experience, answers recall, forgets by policy, and seals a round's batch.</summary>
public sealed class MemoryDecider : IDecider<MemoryState, MemoryCommand, MemoryEvent>
{
    /// <summary>Searches for one recall before the instance is parked; as many again after each retry.</summary>
    public const int Attempts = 3;

    /// <inheritdoc />
    public static MemoryState Initial { get; } =
        new(
            "",
            null,
            Every: 1,
            Cycle: 0,
            Round: 1,
            ExperiencesInRound: 0,
            Ended: false,
            [],
            [],
            null,
            LastCycle: 0,
            LastGeneration: -1,
            null,
            Failures: 0
        );

    /// <inheritdoc />
    public static Decision<MemoryEvent> Decide(MemoryState state, MemoryCommand command) =>
        command switch
        {
            BeginMemory b when state.Settings is null => Accept(new MemoryBegan(b.Instance, b.Settings, b.Every))
                .Then(Loop.Began(Loop.Memory)),
            BeginMemory => NoEvents.Then(Loop.Began(Loop.Memory)),
            // before it begins there is nothing to change: BeginMemory brings the settings
            ChangeMemory c when state.Settings is null || (c.Instance, c.Settings) == (state.Instance, state.Settings) =>
                NoEvents.NoEffects,
            ChangeMemory c => [new MemoryChanged(c.Instance, c.Settings)],
            _ when state.Settings is null => new Refusal("Memory has not begun: BeginMemory comes first"),

            Recall r when state.Answered?.For == r.For => NoEvents.Then(Loop.RecallFound(state.Answered, state.Newest)),
            Recall r when state.HasPassed(r.For) => NoEvents.NoEffects,
            Recall r => NoEvents.Then(Search(state, r.For, r.Queries, r.At)),
            MemorySearched s when state.Answered?.For == s.For => NoEvents.Then(Loop.RecallFound(state.Answered, state.Newest)),
            MemorySearched s when state.HasPassed(s.For) => NoEvents.NoEffects,
            MemorySearched s => Remember(state, s),
            SearchFailed f when state.Answered?.For == f.For || state.HasPassed(f.For) || f.Attempt != state.Failures + 1 =>
                NoEvents.NoEffects,
            SearchFailed f => Retry(state, f),

            Store s when s.Draft.Cycle > state.Cycle => Close(state, s),
            Store s when s.Draft.Cycle == state.Cycle => NoEvents.Then(HandOn(state, s.Draft)),
            Store => NoEvents.NoEffects, // of an earlier cycle

            EndRound e when e.Cycle < state.Cycle => NoEvents.NoEffects, // of an earlier round
            EndRound when state.RoundIsOver => NoEvents.Then(CloseRound(state)),
            EndRound e => End(state, e),

            SettleHeld s when state.AwaitingReview?.Round == s.Round => Settle(state, s),
            SettleHeld s when state.RoundIsOver && state.Held?.Round == s.Round && s.Round == state.Round => NoEvents.Then(
                CloseRound(state)
            ),
            SettleHeld => NoEvents.NoEffects, // of an earlier round
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static MemoryState Evolve(MemoryState state, MemoryEvent happened) =>
        happened switch
        {
            MemoryBegan b => state with { Instance = b.Instance, Settings = b.Settings, Every = b.Every },
            MemoryChanged c => state with { Instance = c.Instance, Settings = c.Settings },
            Recalled { For.Touches: true } r => state with
            {
                Answered = r,
                Failures = 0,
                LastCycle = r.For.Number,
                Items = Touch(state.Items, r),
            },
            Recalled r => state with { Answered = r, Failures = 0, LastGeneration = r.For.Number },
            MemorySearchFailed f => state with { Failures = f.Attempt },
            Stored s => state with
            {
                Cycle = s.Cycle,
                Round = s.Round,
                ExperiencesInRound = state.RoundIsOver ? 1 : state.ExperiencesInRound + 1,
                Ended = false,
                Batch = Batch(state, s),
                Matched = s.ShadowKeeps is { } keeps ? WithShadow(state, s, keeps) : state.Matched,
                Held = s.Review is { } terms ? WithHeld(state, s, terms) : state.Held,
                Items =
                    s.Verdict == Verdict.Reject
                        ? state.Items
                        : state.Items.Add(new MemoryItem(s.Id, TextOf(s.Input, s.Output), s.Importance, s.Timestamp, s.Embedding)),
            },
            InsightStored i => state with
            {
                Newest = i.Insight,
                Items = state.Items.Add(new MemoryItem(i.Insight.Id, i.Insight.Statement, i.Insight.Importance, i.At, i.Embedding)),
            },
            RoundEnded => state with { Ended = true },
            BatchDrawn b => state with { Matched = OfRound(state, b.Round) with { Drawn = b.Ids } },
            HeldSettled h => state with
            {
                Held = state.Held! with { Kept = IdsOf(h, Verdict.Keep) },
                Items = IdsOf(h, Verdict.Reject) is { IsEmpty: false } gone ? state.Items.RemoveAll(i => gone.Contains(i.Id)) : state.Items,
            },
            Forgot f => state with { Items = state.Items.RemoveAll(item => f.Ids.Contains(item.Id)) },
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    /// <remarks>Nothing: after a crash the Self sends its request again.</remarks>
    public static ImmutableArray<Effect> Pending(MemoryState state) => [];

    /// <summary>The text of a recalled exchange in a prompt.</summary>
    public static string TextOf(string input, string output) => $"Q: {input} A: {output}";

    private static Decision<MemoryEvent> Accept(params ReadOnlySpan<MemoryEvent> events) => Decision.Accept(events);

    private static SearchMemory Search(MemoryState state, RecallFor reason, ImmutableArray<string> queries, DateTime at) =>
        new(state.Failures + 1, reason, queries, new MemoryView(state.Instance, state.Settings!, state.Items, at));

    private static Decision<MemoryEvent> Remember(MemoryState state, MemorySearched s)
    {
        var recalled = new Recalled(s.For, s.At, s.Hits);
        return Accept(recalled).Then(Loop.RecallFound(recalled, state.Newest));
    }

    private static Decision<MemoryEvent> Retry(MemoryState state, SearchFailed f)
    {
        var noted = new MemorySearchFailed(f.For, f.Attempt, f.Error);
        return Accept(noted).Then(f.Attempt % Attempts == 0 ? Loop.Park(f.Error) : Search(Evolve(state, noted), f.For, f.Queries, f.At));
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
            state.RoundIsOver ? state.Round + 1 : state.Round,
            d.Stimulus.Topic,
            d.Stimulus.Internal,
            [.. d.Prompt.Recalled],
            d.Answer.Scores with
            {
                Alignment = s.Reflection.Alignment,
                Quality = s.Reflection.Quality,
            },
            s.Judgement.Novelty,
            s.Reflection.Importance,
            s.Judgement.Verdict,
            [.. s.Judgement.Reasons],
            d.Given is null ? d.Model : ModelId.Given,
            d.Prompt.WithoutRecall(),
            s.Whole,
            s.Heads,
            d.Others,
            // What is held for another reason than the draw is not in it.
            s.Judgement
                is { Verdict: Verdict.Hold, AwaitsDraw: false }
                ? null
                : s.Shadow?.Keeps,
            s.Review
        );
        // If the fork was made between the events of this decision, the insight is stored already.
        var insight = s.Insight?.Insight.Id == state.Newest?.Id ? null : s.Insight;
        var incoming = (s.Judgement.Verdict == Verdict.Reject ? 0 : 1) + (insight is null ? 0 : 1);
        var surplus = Forgetting.Surplus(state.Items, incoming, state.Settings!, d.At);

        // The stored experience is last because it closes the cycle.
        ImmutableArray<MemoryEvent> events =
        [
            .. surplus.IsEmpty ? Array.Empty<MemoryEvent>() : [new Forgot(surplus)],
            .. insight is { } i ? new MemoryEvent[] { new InsightStored(i.Insight, d.At, i.Embedding) } : [],
            .. Draw(Evolve(state, stored), s.Shadow?.Draws),
            stored,
        ];
        return Accept(events.AsSpan()).Then(HandOn(events.Aggregate(state, Evolve), d));
    }

    private static Decision<MemoryEvent> End(MemoryState state, EndRound e)
    {
        RoundEnded ended = new(state.Round, e.Cycle, state.ExperiencesInRound);
        ImmutableArray<MemoryEvent> events = [.. Draw(Evolve(state, ended), e.Draws), ended];
        var after = events.Aggregate(state, Evolve);
        return Accept(events.AsSpan()).Then(CloseRound(after));
    }

    private static Decision<MemoryEvent> Settle(MemoryState state, SettleHeld s)
    {
        var settled = new HeldSettled(s.Round, s.Settled);
        return Accept(settled).Then(CloseRound(Evolve(state, settled)));
    }

    // A complete round is sealed once people have decided on what is held for them.
    private static Tell CloseRound(MemoryState state) =>
        state.AwaitingReview is { } held ? Loop.AwaitReviews(held, state.Cycle) : Loop.Seal(state.Round, state.SealedBatch);

    private static ImmutableArray<MemoryId> IdsOf(HeldSettled settled, Verdict verdict) =>
        [.. settled.Settled.Where(r => r.Verdict == verdict).Select(r => r.Id)];

    private static HeldRound WithHeld(MemoryState state, Stored s, ReviewTerms terms)
    {
        var earlier = state.Held is { } held && held.Round == s.Round ? held.Pool : [];
        return new HeldRound(s.Round, earlier.Add(ExampleOf(s)), terms);
    }

    // The draw at the end of a round under a matched policy. If the fork was made after it, it stands.
    private static IEnumerable<MemoryEvent> Draw(MemoryState after, Seed? draws)
    {
        if (after is { RoundIsOver: true, Matched: { Drawn.IsDefault: true } matched } && matched.Round == after.Round && draws is { } seed)
            yield return new BatchDrawn(
                after.Round,
                Matched.Draw([.. matched.Pool.Select(e => e.Id)], matched.ShadowKept, seed, after.Round),
                seed
            );
    }

    private static MatchedRound OfRound(MemoryState state, int round) =>
        state.Matched is { } matched && matched.Round == round ? matched : new MatchedRound(round, [], ShadowKept: 0);

    private static MatchedRound WithShadow(MemoryState state, Stored s, bool keeps)
    {
        var round = OfRound(state, s.Round);
        return s.Verdict == Verdict.Hold
            ? round with
            {
                Pool = round.Pool.Add(ExampleOf(s)),
                ShadowKept = round.ShadowKept + (keeps ? 1 : 0),
            }
            : round;
    }

    private static Example ExampleOf(Stored s) => new(s.Id, s.Bare, s.Output, s.Others);

    private static Tell HandOn(MemoryState state, Draft draft) =>
        state.RoundIsOver ? CloseRound(state) : Loop.CycleClosed(draft.Cycle, draft.Stimulus.Id, generation: null);

    private static ImmutableArray<Example> Batch(MemoryState state, Stored s)
    {
        var current = state.RoundIsOver ? [] : state.Batch; // the first experience of a round begins a new batch
        return s.Verdict == Verdict.Keep ? current.Add(ExampleOf(s)) : current;
    }

    private static ImmutableArray<MemoryItem> Touch(ImmutableArray<MemoryItem> items, Recalled recalled)
    {
        var used = recalled.Hits.SelectMany(hits => hits).Select(hit => hit.Id).ToHashSet();
        return [.. items.Select(item => used.Contains(item.Id) ? item with { Used = recalled.At } : item)];
    }
}
