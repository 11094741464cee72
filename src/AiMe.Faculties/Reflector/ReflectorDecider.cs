using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Reflector;

/// <summary>The Reflector: reflects on how an output aligns with the goals and what to improve; forms insights.</summary>
public sealed class ReflectorDecider : IDecider<ReflectorState, ReflectorCommand, ReflectorEvent>
{
    /// <summary>Largest number of experiences that an insight cites.</summary>
    public const int EvidenceAtMost = 5;

    /// <inheritdoc />
    public static ReflectorState Initial { get; } =
        new(null, null, default, Cycle: 0, null, null, Failures: 0, [], Insights: 0, InsightIsDue: false);

    /// <inheritdoc />
    public static Decision<ReflectorEvent> Decide(ReflectorState state, ReflectorCommand command) =>
        command switch
        {
            BeginReflector b when state.Charter is null => Accept(new ReflectorBegan(b.Charter, b.Settings, b.Seed, b.LoopVersion))
                .Then(Loop.Began(Loop.Reflector)),
            BeginReflector => NoEvents.Then(Loop.Began(Loop.Reflector)),
            // before it begins there is nothing to change: BeginReflector brings the settings
            ChangeReflector c when state.Charter is null || (c.Settings, c.Seed) == (state.Settings, state.Seed) => NoEvents.NoEffects,
            ChangeReflector c => [new ReflectorChanged(c.Settings, c.Seed)],
            _ when state.Charter is null => new Refusal("the Reflector has not begun: BeginReflector comes first"),

            Reflect { Draft.Given.Reflection: { } given } r when r.Draft.Cycle > state.Cycle => Conclude(
                state,
                r.Draft,
                Weigh(new ReflectionGenerated(r.Draft, 1, given))
            ),
            // A fork made after the last failure and before its consequence ends the same way.
            Reflect r when r.Draft.Cycle > state.Cycle && HasTriedEnough(state) => Conclude(state, r.Draft, Empty(state, r.Draft)),
            Reflect r when r.Draft.Cycle == state.Cycle && state.InsightIsDue && HasTriedEnough(state) => Form(state, r.Draft, null),
            Reflect r when r.Draft.Cycle > state.Cycle => NoEvents.Then(AskReflection(state, r.Draft)),
            Reflect r when r.Draft.Cycle == state.Cycle => NoEvents.Then(HandOn(state, r.Draft)),
            ReflectionGenerated g when g.Draft.Cycle > state.Cycle => Conclude(state, g.Draft, Weigh(g), g.Reasoning),
            ReflectionFailed f when f.Draft.Cycle > state.Cycle && f.Attempt == state.Failures + 1 => Fail(state, f),
            InsightGenerated g when AwaitsInsight(state, g.Draft) => Form(state, g.Draft, Summarize(state, g.Statement), g.Reasoning),
            InsightFailed f when AwaitsInsight(state, f.Draft) && f.Attempt == state.Failures + 1 => Fail(state, f),

            // of an earlier cycle
            Reflect or ReflectionGenerated or ReflectionFailed or InsightGenerated or InsightFailed => NoEvents.NoEffects,
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static ReflectorState Evolve(ReflectorState state, ReflectorEvent happened) =>
        happened switch
        {
            ReflectorBegan b => state with { Charter = b.Charter, Settings = b.Settings, Seed = b.Seed, LoopVersion = b.LoopVersion },
            ReflectorChanged c => state with { Settings = c.Settings, Seed = c.Seed },
            Reflected r => Due(
                state with
                {
                    Cycle = r.Cycle,
                    Last = r.Reflection,
                    LastInsight = null,
                    Failures = 0,
                    Since = state.Since.Add(new Weighed(MemoryId.OfCycle(r.Cycle), r.Reflection.Importance)),
                }
            ),
            InsightFormed f => state with
            {
                LastInsight = f.Insight,
                Failures = 0,
                Since = [],
                Insights = state.Insights + (f.Insight is null ? 0 : 1),
                InsightIsDue = false,
            },
            ReflectorGenerationFailed f => state with { Failures = f.Attempt },
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    /// <remarks>Nothing: after a crash the Self sends its request again.</remarks>
    public static ImmutableArray<Effect> Pending(ReflectorState state) => [];

    // Decided with the reflection: a fork with another threshold must not form an insight in a closed cycle.
    private static Decision<ReflectorEvent> Accept(params ReadOnlySpan<ReflectorEvent> events) => Decision.Accept(events);

    private static ReflectorState Due(ReflectorState state) =>
        state with
        {
            InsightIsDue = state.Importance >= state.Settings!.InsightThreshold,
        };

    private static bool HasTriedEnough(ReflectorState state) => state.Failures >= state.Settings!.Attempts;

    private static Reflection Empty(ReflectorState state, Draft draft) => Weigh(new ReflectionGenerated(draft, state.Failures, ""));

    private static bool AwaitsInsight(ReflectorState state, Draft draft) => draft.Cycle == state.Cycle && state.InsightIsDue;

    private static Decision<ReflectorEvent> Conclude(ReflectorState state, Draft draft, Reflection reflection, string? reasoning = null)
    {
        var reflected = new Reflected(draft.Cycle, reflection, reasoning);
        return Accept(reflected).Then(HandOn(Evolve(state, reflected), draft));
    }

    private static Decision<ReflectorEvent> Form(ReflectorState state, Draft draft, Insight? insight, string? reasoning = null)
    {
        var formed = new InsightFormed(draft.Cycle, insight, state.Importance, reasoning);
        return Accept(formed).Then(HandOn(Evolve(state, formed), draft));
    }

    // A reflection that fails stays empty: an error text is never taken for a reflection.
    private static Decision<ReflectorEvent> Fail(ReflectorState state, ReflectionFailed failed)
    {
        var noted = new ReflectorGenerationFailed(failed.Draft.Cycle, "reflection", failed.Attempt, failed.Error);
        if (failed.Attempt < state.Settings!.Attempts)
            return Accept(noted).Then(AskReflection(Evolve(state, noted), failed.Draft));
        var reflected = new Reflected(failed.Draft.Cycle, Empty(Evolve(state, noted), failed.Draft));
        return Accept(noted, reflected).Then(HandOn(Evolve(Evolve(state, noted), reflected), failed.Draft));
    }

    private static Decision<ReflectorEvent> Fail(ReflectorState state, InsightFailed failed)
    {
        var noted = new ReflectorGenerationFailed(failed.Draft.Cycle, "insight", failed.Attempt, failed.Error);
        if (failed.Attempt < state.Settings!.Attempts)
            return Accept(noted).Then(HandOn(Evolve(state, noted), failed.Draft));
        var formed = new InsightFormed(failed.Draft.Cycle, null, state.Importance);
        return Accept(noted, formed).Then(HandOn(Evolve(Evolve(state, noted), formed), failed.Draft));
    }

    private static GenerateReflection AskReflection(ReflectorState state, Draft draft) =>
        new(
            state.Failures + 1,
            draft,
            state.Charter!,
            state.Settings!.Sampling,
            state.Seed.Derive(draft.Cycle, "reflect", state.Failures + 1),
            state.Settings.Form
        );

    private static Effect HandOn(ReflectorState state, Draft draft) =>
        state.InsightIsDue
            ? new GenerateInsight(
                state.Failures + 1,
                draft,
                state.Last!,
                state.Charter!,
                state.Settings!.Sampling,
                state.Seed.Derive(draft.Cycle, "insight", state.Failures + 1)
            )
            : Loop.Judge(draft, state.Last!, state.LastInsight);

    private static Insight Summarize(ReflectorState state, string statement)
    {
        ImmutableArray<Weighed> evidence = [.. state.Since.OrderByDescending(w => w.Importance).Take(EvidenceAtMost)];
        return new Insight(
            MemoryId.OfInsight(state.Insights + 1),
            statement,
            [.. evidence.Select(w => w.Id)],
            LoopVersion.WeighsInsights(state.LoopVersion) ? evidence.Average(w => w.Importance) : null
        );
    }

    // Alignment and quality come from the reflection if it states them, otherwise from the scores of the output.
    private static Reflection Weigh(ReflectionGenerated g)
    {
        var scores = g.Draft.Answer.Scores;
        return new Reflection(g.Text, g.Alignment ?? scores.Alignment, g.Quality ?? scores.Quality, Importance(scores, g.Draft.Stimulus));
    }

    // 1 to 10: unusually high or low alignment counts, and so does self-reference.
    private static double Importance(Scores scores, Stimulus stimulus)
    {
        var unusual = double.IsNaN(scores.Alignment) ? 0 : Math.Abs(scores.Alignment - 0.5) * 2;
        var personal = double.IsNaN(scores.SelfReference) ? 0 : Math.Min(1, scores.SelfReference / 20);
        return 1 + 4 * unusual + 4 * personal + (stimulus.Internal ? 1 : 0);
    }
}
