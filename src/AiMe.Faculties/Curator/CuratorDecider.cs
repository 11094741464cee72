using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Curator;

/// <summary>The Curator: applies the instance's policy and gives a verdict with reasons. Nothing is deleted.</summary>
public sealed class CuratorDecider : IDecider<CuratorState, CuratorCommand, CuratorEvent>
{
    /// <summary>Calls to the embedder for one experience before the instance is parked; as many again after each retry.</summary>
    public const int Attempts = 3;

    /// <inheritdoc />
    public static CuratorState Initial { get; } = new("", [], default, Cycle: 0, null, [], [], Failures: 0, FailedCycle: 0);

    /// <inheritdoc />
    public static Decision<CuratorEvent> Decide(CuratorState state, CuratorCommand command) =>
        command switch
        {
            BeginCurator b when !state.Began => Accept(new CuratorBegan(b.Instance, b.Policy, b.Seed)).Then(Loop.Began(Loop.Curator)),
            BeginCurator => NoEvents.Then(Loop.Began(Loop.Curator)),
            // before it begins there is nothing to change: BeginCurator brings the settings
            ChangeCurator c when !state.Began || c.Seed == state.Seed && c.Policy.SequenceEqual(state.Policy) => NoEvents.NoEffects,
            ChangeCurator c => [new CuratorChanged(c.Policy, c.Seed)],
            _ when !state.Began => new Refusal("the Curator has not begun: BeginCurator comes first"),
            ApplyPolicy a when Arrived.OrdinalOf(a.Id) < state.LastRequest => NoEvents.NoEffects, // an old message
            ApplyPolicy a when a.Policy.SequenceEqual(state.Policy) => NoEvents.Then(Loop.PolicyApplied(a.Id)),
            ApplyPolicy a => Accept(new CuratorChanged(a.Policy, state.Seed, a.Id)).Then(Loop.PolicyApplied(a.Id)),

            // A repeated Judge of the last cycle embeds again: the verdict stands, and Memory needs the embedding.
            Judge j when j.Draft.Cycle >= state.Cycle => NoEvents.Then(
                new EmbedExperience(state.NextAttempt(j.Draft.Cycle), j.Draft, j.Reflection, j.Insight)
            ),
            ExperienceEmbedded e when e.Draft.Cycle > state.Cycle => Proceed(state, e),
            ExperienceEmbedded e when e.Draft.Cycle == state.Cycle => NoEvents.Then(HandOn(state, e, state.Last!, state.LastShadowKeeps)),
            EmbeddingFailed f when f.Draft.Cycle >= state.Cycle && f.Attempt == state.NextAttempt(f.Draft.Cycle) => Retry(f),

            SettleReviews s when s.Round > state.ReviewedRound => Accept(
                    new HeldReviewed(s.Round, IdsOf(s, Verdict.Keep), IdsOf(s, Verdict.Reject), IdsOf(s, Verdict.Hold))
                )
                .Then(Loop.SettleHeld(s)),
            SettleReviews s when s.Round == state.ReviewedRound => NoEvents.Then(Loop.SettleHeld(s)),
            SettleReviews => NoEvents.NoEffects, // of an earlier round
            JudgeAnswered a when a.Case.Draft.Cycle == state.Cycle => NoEvents.Then(
                HandOn(state, a.Case, state.Last!, state.LastShadowKeeps)
            ),
            JudgeAnswered a when a.Case.Draft.Cycle > state.Cycle => Judging.IsDue(state, a.Case, a.Judge, a.Sample)
                ? Proceed(state, a.Case, Judging.Record(a.Case, a.Judge, a.Sample, a.Answer))
                : Proceed(state, a.Case),
            JudgingFailed f when f.Attempt == state.JudgeFailures + 1 && Judging.IsDue(state, f.Case, f.Judge, f.Sample) => Retry(state, f),
            // of an earlier cycle, or of a counted attempt
            Judge or ExperienceEmbedded or EmbeddingFailed or JudgeAnswered or JudgingFailed => NoEvents.NoEffects,
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static CuratorState Evolve(CuratorState state, CuratorEvent happened) =>
        happened switch
        {
            CuratorBegan b => state with { Instance = b.Instance, Policy = b.Policy, Seed = b.Seed },
            CuratorChanged c => state with
            {
                Policy = c.Policy,
                Seed = c.Seed,
                LastRequest = c.Request is { } id ? Arrived.OrdinalOf(id) : state.LastRequest,
            },
            Judged j => state with
            {
                Cycle = j.Cycle,
                Last = j.Judgement,
                Past = Capped(state.Past, new PastCase(j.Cycle, j.Scores, j.Judgement.Novelty, j.Judgement.Verdict, j.Output)),
                Kept = j.Judgement.Verdict == Verdict.Keep ? Capped(state.Kept, j.Output) : state.Kept,
                ShadowKept = j.Shadow is { Verdict: Verdict.Keep } ? Capped(state.ShadowKeptSoFar, j.Output) : state.ShadowKept,
                LastShadowKeeps = j.Shadow is { } shadow ? shadow.Verdict == Verdict.Keep : null,
                Ratings = default,
                JudgeFailures = 0,
            },
            HeldReviewed r => state with
            {
                ReviewedRound = r.Round,
                Past = [.. state.Past.Select(p => Reviewed(p, r))],
                Kept = state.Past.Where(p => Contains(r.Kept, p)).Aggregate(state.Kept, (kept, p) => Capped(kept, p.Output)),
            },
            Rated r => state with { Ratings = state.RatingsOf(r.Cycle).Add(r), JudgeFailures = 0 },
            CuratorJudgingFailed f => state with { JudgeFailures = f.Attempt },
            CuratorEmbeddingFailed f => state with { Failures = f.Attempt, FailedCycle = f.Cycle },
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    /// <remarks>Nothing: after a crash the Self sends its request again.</remarks>
    public static ImmutableArray<Effect> Pending(CuratorState state) => [];

    private static Decision<CuratorEvent> Accept(params ReadOnlySpan<CuratorEvent> events) => Decision.Accept(events);

    // The judges of the policy are asked one after another; the verdict follows the last answer.
    private static Decision<CuratorEvent> Proceed(CuratorState state, ExperienceEmbedded e, params ImmutableArray<CuratorEvent> happened)
    {
        var now = happened.Aggregate(state, Evolve);
        return Judging.Next(now, e) is { } ask ? Accept(happened.AsSpan()).Then(ask) : Conclude(now, e, happened);
    }

    private static Decision<CuratorEvent> Conclude(CuratorState state, ExperienceEmbedded e, ImmutableArray<CuratorEvent> happened)
    {
        var scores = e.Draft.Answer.Scores with { Alignment = e.Reflection.Alignment, Quality = e.Reflection.Quality };
        Case judged = new(
            scores,
            Novelty: Novelty.Of(e.Output, state.Past, p => p.Output),
            Similarity: Novelty.GreatestCosine(e.Output, state.Kept, k => k),
            state.Past,
            state.Seed.Derive(e.Draft.Cycle, "lot", 0),
            e.Draft.IsEmpty,
            state.RatingsOf(e.Draft.Cycle)
        );
        var judgement = Policy.Judge(state.Policy, judged, e.Draft);
        var shadow = Matched.In(state.Policy) is { } matched
            ? Policy.Judge(
                matched.Policy,
                judged with
                {
                    Similarity = Novelty.GreatestCosine(e.Output, state.ShadowKeptSoFar, k => k),
                },
                e.Draft
            )
            : null;
        bool? keeps = shadow is null ? null : shadow.Verdict == Verdict.Keep;
        return Accept([.. happened, new Judged(e.Draft.Cycle, judgement, scores, e.Output, shadow)])
            .Then(HandOn(state, e, judgement, keeps));
    }

    private static Decision<CuratorEvent> Retry(EmbeddingFailed f)
    {
        var failed = Accept(new CuratorEmbeddingFailed(f.Draft.Cycle, f.Attempt, f.Error));
        return f.Attempt % Attempts == 0
            ? failed.Then(Loop.Park(f.Error))
            : failed.Then(new EmbedExperience(f.Attempt + 1, f.Draft, f.Reflection, f.Insight));
    }

    private static Decision<CuratorEvent> Retry(CuratorState state, JudgingFailed f)
    {
        CuratorJudgingFailed failed = new(f.Case.Draft.Cycle, f.Judge, f.Sample, f.Attempt, f.Error);
        return f.Attempt % Attempts != 0 ? Proceed(state, f.Case, failed)
            : Judging.Next(state, f.Case) is { Judge.CountsFailures: true }
                ? Proceed(state, f.Case, failed, Judging.Record(f.Case, f.Judge, f.Sample, new JudgeAnswer.Unanswered(f.Error)))
            : Accept(failed).Then(Loop.Park(f.Error));
    }

    private static Tell HandOn(CuratorState state, ExperienceEmbedded e, Judgement judgement, bool? shadowKeeps) =>
        Loop.Store(
            new Store(
                e.Draft,
                e.Reflection,
                judgement,
                e.Whole,
                e.Insight is { } i && e.Statement is { } s ? new EmbeddedInsight(i, s) : null,
                Heads.None,
                shadowKeeps is { } keeps ? new Shadowed(keeps, Matched.DrawSeed(state.Seed)) : null,
                Review.TermsOf(state.Policy, judgement)
            )
        );

    private static ImmutableArray<MemoryId> IdsOf(SettleReviews s, Verdict verdict) =>
        [.. s.Settled.Where(r => r.Verdict == verdict).Select(r => r.Id)];

    private static bool Contains(ImmutableArray<MemoryId> ids, PastCase past) => ids.Contains(MemoryId.OfCycle(past.Cycle));

    private static PastCase Reviewed(PastCase past, HeldReviewed r) =>
        Contains(r.Kept, past) ? past with { Verdict = Verdict.Keep }
        : Contains(r.Rejected, past) ? past with { Verdict = Verdict.Reject }
        : past;

    private static ImmutableArray<T> Capped<T>(ImmutableArray<T> past, T item) =>
        past.Length < CuratorState.Remembered ? past.Add(item) : [.. past.AsSpan()[1..], item];
}
