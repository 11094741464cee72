using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

public sealed class MemoryTests
{
    private static readonly MemoryBegan Began = new("kept-1", Some.Memory, Every: 3);
    private static readonly Recall AskC1 = new(new RecallFor("c1"), ["What of 1?"], Some.At(1));
    private static readonly Recalled FoundC1 = new(
        new RecallFor("c1"),
        Some.At(1),
        [
            [],
        ]
    );

    [Fact]
    public void Beginning_tells_the_Self_and_again() =>
        Given().When(new BeginMemory("kept-1", Some.Memory, 3)).Then(Began).Hands("self began").AndTheSameAgain();

    [Fact]
    public void Nothing_is_recalled_before_the_beginning() => Given().When(AskC1).RefusedBecause("BeginMemory comes first");

    [Fact]
    public void A_recall_searches_and_leaves_no_trace_until_something_is_found() =>
        Given(Began).When(AskC1).Then().Hands("c1 search 1").AndTheSameAgain();

    [Fact]
    public void What_was_found_is_journalled_and_told() =>
        Given(Began)
            .When(
                new MemorySearched(
                    new RecallFor("c1"),
                    [
                        [],
                    ],
                    Some.At(1)
                )
            )
            .Then(FoundC1)
            .Hands("self c1 found")
            .AndTheSameAgain();

    [Fact]
    public void A_recall_answered_before_is_answered_from_the_journal() => Given(Began, FoundC1).When(AskC1).Then().Hands("self c1 found");

    [Theory]
    [InlineData("c1", "c2")]
    [InlineData("g0", "c1")]
    [InlineData("c3", "g1")]
    [InlineData("g1", "c4")]
    public void A_recall_long_passed_leaves_no_trace(string passed, string answered)
    {
        var given = Given(
            Began,
            new Recalled(
                new RecallFor(passed),
                Some.At(3),
                [
                    [],
                ]
            ),
            new Recalled(
                new RecallFor(answered),
                Some.At(4),
                [
                    [],
                ]
            )
        );
        given.When(new Recall(new RecallFor(passed), ["q"], Some.At(1))).Then().Hands();
        given
            .When(
                new MemorySearched(
                    new RecallFor(passed),
                    [
                        [],
                    ],
                    Some.At(1)
                )
            )
            .Then()
            .Hands();
        given.When(new SearchFailed(1, new RecallFor(passed), ["q"], Some.At(1), "down")).Then().Hands();
    }

    [Theory]
    [InlineData("g0", "c1")]
    [InlineData("c3", "g1")]
    [InlineData("g1", "c4")]
    [InlineData("c9", "c10")]
    public void The_next_recall_of_an_instance_is_searched(string answered, string next) =>
        Given(
                Began,
                new Recalled(
                    new RecallFor(answered),
                    Some.At(1),
                    [
                        [],
                    ]
                )
            )
            .When(new Recall(new RecallFor(next), ["q"], Some.At(2)))
            .Then()
            .Hands($"{next} search 1");

    [Fact]
    public void Being_recalled_makes_a_memory_recent_and_being_probed_does_not()
    {
        Event[] lived = [Began, Kept(1)];
        Used([
                .. lived,
                new Recalled(
                    new RecallFor("c9"),
                    Some.At(9),
                    [
                        [Some.Hit("e1")],
                    ]
                ),
            ])
            .ShouldBe(Some.At(9));
        Used([
                .. lived,
                new Recalled(
                    new RecallFor("g3"),
                    Some.At(9),
                    [
                        [Some.Hit("e1")],
                    ]
                ),
            ])
            .ShouldBe(Some.At(1));
    }

    [Fact]
    public void A_failed_search_is_counted_once_and_tried_again() =>
        Given(Began)
            .When(new SearchFailed(1, new RecallFor("c1"), ["q"], Some.At(1), "down"))
            .Then(new MemorySearchFailed(new RecallFor("c1"), 1, "down"))
            .Hands("c1 search 2")
            .AndAgain();

    [Fact]
    public void After_the_last_attempt_the_instance_is_parked_and_asked_again_it_tries_anew()
    {
        Event[] failing =
        [
            Began,
            .. Enumerable.Range(1, MemoryDecider.Attempts - 1).Select(i => new MemorySearchFailed(new RecallFor("c1"), i, "down")),
        ];
        Given(failing)
            .When(new SearchFailed(MemoryDecider.Attempts, new RecallFor("c1"), ["q"], Some.At(1), "gone"))
            .ThenOf(typeof(MemorySearchFailed))
            .Hands("supervisor/supervisor park")
            .Afterwards.When(AskC1)
            .Then()
            .Hands($"c1 search {MemoryDecider.Attempts + 1}");
    }

    [Fact]
    public void A_search_that_succeeds_at_last_forgets_the_failures() =>
        ((MemoryState)Given(Began, new MemorySearchFailed(new RecallFor("c1"), 1, "down"), FoundC1).State).Failures.ShouldBe(0);

    [Fact]
    public void Within_a_round_storing_closes_the_cycle() =>
        Given(Began).When(Keep(1)).ThenOf(typeof(Stored)).Hands("supervisor/supervisor c1 closed").AndTheSameAgain();

    [Fact]
    public void At_a_rounds_end_storing_seals_the_batch() =>
        Given(Began, Kept(1), Kept(2))
            .When(Keep(3))
            .ThenOf(typeof(Stored))
            .Hands("trainer r1 seal")
            .AndTheSameAgain()
            .Told<Seal>()
            .Kept.Select(k => k.Id.Value)
            .ShouldBe(["e1", "e2", "e3"]);

    [Fact]
    public void A_new_round_begins_an_empty_batch() =>
        Given(Began, Kept(1), Kept(2), Kept(3), Kept(4), Rejected(5))
            .When(Keep(6))
            .Told<Seal>()
            .Kept.Select(k => k.Id.Value)
            .ShouldBe(["e4", "e6"]);

    [Fact]
    public void What_was_stored_long_ago_is_passed_over() => Given(Began, Kept(1), Kept(2)).When(Keep(1)).Then().Hands();

    [Fact]
    public void The_whole_experience_is_stored_with_its_reasons_and_its_heads()
    {
        var draft = Some.Draft(1) with { Prompt = Some.Prompt(1, Some.Hit("e0")) };
        var stored = (Stored)
            Given(Began)
                .When(new Store(draft, Some.Reflection() with { Alignment = 0.9 }, Some.Judgement(), Some.Pointing(0), null, Some.Heads))
                .Events.Single();
        (stored.Input, stored.Output, stored.Reflection, stored.Timestamp).ShouldBe(
            ("What of 1?", "I am AiMe.", "It serves my goals.", Some.At(1))
        );
        stored.Recalled.Select(r => r.Value).ShouldBe(["e0"]);
        stored.Bare.Parts.ShouldNotContain(
            p => p.Kind == PartKind.Recalled || p.Kind == PartKind.SelfModel,
            "recalled text is never learned from"
        );
        stored.Scores.Alignment.ShouldBe(0.9, "as the Reflector gave it");
        stored.Reasons.ShouldBe(["keep-all: everything is kept"]);
        stored.Heads.ShouldBe(Some.Heads);
    }

    [Theory]
    [InlineData(Verdict.Keep, 1, 1)]
    [InlineData(Verdict.Hold, 1, 0)]
    [InlineData(Verdict.Reject, 0, 0)]
    public void What_is_kept_is_learned_and_recalled_what_is_held_recalled_only_what_is_rejected_neither(
        Verdict verdict,
        int recallable,
        int learned
    )
    {
        var state = (MemoryState)Given(Began).When(Keep(1, verdict)).Afterwards.State;
        (state.Items.Length, state.Batch.Length).ShouldBe((recallable, learned));
    }

    [Fact]
    public void An_insight_is_stored_before_the_experience_that_closes_the_cycle_and_told_with_the_next_recall()
    {
        var insight = new EmbeddedInsight(Some.Insight(1), Some.Pointing(10));
        Given(Began)
            .When(Keep(1) with { Insight = insight })
            .ThenOf(typeof(InsightStored), typeof(Stored))
            .Afterwards.When(
                new MemorySearched(
                    new RecallFor("c2"),
                    [
                        [],
                    ],
                    Some.At(2)
                )
            )
            .Told<RecallFound>()
            .Newest!.Statement.ShouldBe("I am patient 1.");
    }

    [Fact]
    public void At_capacity_the_weakest_is_forgotten_before_the_new_is_stored()
    {
        var small = Began with { Settings = Some.Memory with { Capacity = 2 } };
        Given(small, Kept(1, importance: 9), Kept(2, importance: 1))
            .When(Keep(3))
            .ThenOf(typeof(Forgot), typeof(Stored))
            .Events[0]
            .ShouldBeOfType<Forgot>()
            .Ids.ShouldBe([MemoryId.OfCycle(2)]);
    }

    [Fact]
    public void What_is_rejected_needs_no_room()
    {
        var small = Began with { Settings = Some.Memory with { Capacity = 1 } };
        Given(small, Kept(1)).When(Keep(2, Verdict.Reject)).ThenOf(typeof(Stored));
    }

    private static Store Keep(int cycle, Verdict verdict = Verdict.Keep, double importance = 3) =>
        new(Some.Draft(cycle), Some.Reflection(importance), Some.Judgement(verdict), Some.Pointing(cycle), null, Some.Heads);

    private static Event Rejected(int cycle) => ((Stored)Kept(cycle)) with { Verdict = Verdict.Reject };

    // The experience of a cycle, three to a round.
    private static Event Kept(int cycle, double importance = 3) =>
        ((Stored)Given(Began).When(Keep(cycle, importance: importance)).Events.Single()) with
        {
            Round = (cycle - 1) / 3 + 1,
        };

    private static DateTime Used(params Event[] past) => ((MemoryState)Given(past).State).Items.Single().Used;

    private static Situation Given(params Event[] past) => new(Loop.Faculties[1], [.. past]);
}
