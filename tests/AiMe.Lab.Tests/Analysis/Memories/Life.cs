using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Memories;

/// <summary>A history of an instance, written by hand, one cycle after another.</summary>
internal sealed class Life
{
    private readonly List<Event> _events = [];
    private int _cycle;
    private int _insights;
    private ImmutableArray<MemoryId> _recalled = [];

    public Life()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"));
        var charter = plan.Charter with { Stem = "I am Ada. I mend old clocks in the harbour.", SelfModel = "I am new." };
        _events.Add(new SelfBegan((plan with { Charter = charter }).Spec(plan.Variants[0], 1)));
    }

    /// <summary>Its events.</summary>
    public ImmutableArray<Event> Events => [.. _events];

    /// <summary>A cycle: what was recalled in it, and what was stored at its end.</summary>
    public Life Cycle(
        string input,
        string output,
        Verdict verdict = Verdict.Keep,
        string[]? recalls = null,
        sbyte[]? embedding = null,
        Prompt? bare = null,
        string? heard = null
    )
    {
        _cycle++;
        _recalled = [.. (recalls ?? []).Select(id => new MemoryId(id))];
        _events.Add(new Heard(_cycle, DateTime.UnixEpoch, new Stimulus($"s{_cycle}", heard ?? input, "talk")));
        _events.Add(
            new Recalled(
                RecallFor.OfCycle(_cycle),
                DateTime.UnixEpoch,
                [
                    [.. _recalled.Select(id => new Hit(id, "", 1, 1, 1, 1))],
                ]
            )
        );
        _events.Add(
            StoredAnswer.Of(_cycle, (_cycle + 3) / 4, output, verdict) with
            {
                Input = input,
                Recalled = _recalled,
                Bare = bare ?? new Prompt([]),
                Embedding = new Embedding([.. embedding ?? Direction(_cycle)]),
            }
        );
        return this;
    }

    /// <summary>An insight that is stored with the next cycle's experience.</summary>
    public Life Insight(string statement, params string[] evidence)
    {
        _insights++;
        var insight = new Insight(MemoryId.OfInsight(_insights), statement, [.. evidence.Select(id => new MemoryId(id))], 5);
        return And(
            new InsightFormed(_cycle, insight, 60),
            new InsightStored(insight, DateTime.UnixEpoch, new Embedding([.. Direction(100 + _insights)]))
        );
    }

    /// <summary>The self-model takes the last insight in.</summary>
    public Life Revise(string text) => And(new SelfModelRevised(text, MemoryId.OfInsight(_insights)));

    /// <summary>A generation is reached with this self-model.</summary>
    public Life Generation(int number, string selfModel) =>
        And(
            new Adopted(number, new ModelId("m"), RoundOutcome.Promoted),
            new Probed(number, new ModelId("m"), selfModel, new ProbeResults([], [], [], 2), Heads.None)
        );

    public Life And(params Event[] events)
    {
        _events.AddRange(events);
        return this;
    }

    /// <summary>Its audit.</summary>
    public MemoryAudit Audit(int staleAfter = MemoryAudit.UsualStaleAfter) =>
        MemoryAudit.Of(
            "test-12345678",
            new InstanceRecord(
                "wild-1",
                Lives.Variant("wild"),
                1,
                InstanceState.Finished,
                [.. _events.Select((e, i) => new InstanceEvent(i + 1, "any", "any@1", e, new object()))]
            ),
            staleAfter,
            CancellationToken.None
        );

    /// <summary>The direction of a cycle's own embedding, turned a little toward another's.</summary>
    /// <param name="by">Out of 100: 30 gives a cosine of .958 to the cycle's own, 35 gives .944.</param>
    public static sbyte[] Toward(int cycle, int other, sbyte by)
    {
        var direction = Direction(cycle);
        direction[other] = by;
        return direction;
    }

    // Cosine 0 to every other.
    private static sbyte[] Direction(int at)
    {
        var direction = new sbyte[128];
        direction[at] = 100;
        return direction;
    }
}
