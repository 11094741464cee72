using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Tests;

public sealed class SelfTests
{
    private static readonly Event[] Born =
    [
        new SelfBegan(Some.Spec),
        new Adopted(0, Some.Base, RoundOutcome.Born),
        new Probed(0, Some.Base, "I like to learn.", Some.ProbeResults, Some.Heads),
    ];
    private static readonly Event[] Listening = [.. Born, new Heard(1, Some.At(1), Some.Stimulus(1))];
    private static readonly Event[] Speaking = [.. Listening, new Prompted(1, Some.Base, Some.Prompt(1))];
    private static readonly Event[] Handing = [.. Speaking, new Answered(1, [Some.Answer], 0)];
    private static readonly Live First = new(1, Some.At(1), Some.Stimulus(1));

    [Fact]
    public void Birth_wakes_the_memory_and_asked_again_wakes_it_again() =>
        Given().When(new BeginSelf(Some.Spec)).Then(new SelfBegan(Some.Spec)).Hands("memory begin").AndTheSameAgain();

    [Fact]
    public void Nothing_happens_before_birth() => Given().When(First).RefusedBecause("not born yet");

    [Theory]
    [InlineData(Loop.Memory, "reflector begin")]
    [InlineData(Loop.Reflector, "curator begin")]
    [InlineData(Loop.Curator, "trainer begin")]
    public void Each_faculty_that_wakes_is_followed_by_the_next(string faculty, string next) =>
        Given(new SelfBegan(Some.Spec)).When(new FacultyBegan(faculty)).Then().Hands(next).AndTheSameAgain();

    [Fact]
    public void A_faculty_that_wakes_late_finds_the_Self_where_it_stands() =>
        Given(Speaking).When(new FacultyBegan(Loop.Memory)).Then().Hands("c1 answer 1");

    [Fact]
    public void A_stimulus_is_heard_and_Memory_is_asked() =>
        Given(Born).When(First).Then(new Heard(1, Some.At(1), Some.Stimulus(1))).Hands("memory c1 recall").AndTheSameAgain();

    [Fact]
    public void A_given_answer_is_the_chosen_one_whatever_the_scores_of_the_rejected_one()
    {
        var spec = Some.Spec with { Self = Some.Spec.Self with { Pick = ScoreName.Alignment } };
        Event[] born = [.. Born.Select(e => e is SelfBegan ? new SelfBegan(spec) : e)];
        var given = new Given("At home.", null, Rejected: "Guess.");
        var appraisal = Given(born)
            .When(new Live(1, Some.At(1), Some.Stimulus(1), given))
            .Afterwards.When(Found("c1", null))
            .Effect<AppraiseAnswer>();
        (appraisal.Answer, appraisal.Rejected).ShouldBe(("At home.", "Guess."));
        Given([
                .. born,
                new Heard(1, Some.At(1), Some.Stimulus(1)),
                new ExperienceGiven(1, given),
                new Prompted(1, Some.Base, Some.Prompt(1)),
            ])
            .When(new AnswerGenerated(1, 1, [Said("At home.", 0.1), Said("Guess.", 0.9)]))
            .Events.OfType<Answered>()
            .Single()
            .Chosen.ShouldBe(0);

        static Candidate Said(string text, double alignment) => new(text, 0, double.NaN, "given", Some.Scored(alignment));
    }

    [Fact]
    public void A_cycle_that_was_done_before_is_answered_with_what_is_owed_now() =>
        Given(Handing).When(First).Then().Hands("reflector c1 reflect");

    [Fact]
    public void A_cycle_that_is_not_the_next_is_refused() =>
        Given(Born).When(new Live(2, Some.At(2), Some.Stimulus(2))).RefusedBecause("cycle 2 cannot begin: the Self is in cycle 0");

    [Fact]
    public void The_next_cycle_is_refused_while_one_is_in_hand() =>
        Given(Speaking).When(new Live(2, Some.At(2), Some.Stimulus(2))).RefusedBecause("Answering");

    [Fact]
    public void Without_a_stimulus_the_drives_are_taken_in_turn()
    {
        Event[] events = Born;
        foreach (var expected in (string[])["d1", "d2", "d1"])
        {
            var cycle = (events.Length - Born.Length) / 3 + 1;
            var heard = (Heard)Given(events).When(new Live(cycle, Some.At(cycle), null)).ThenOf(typeof(Heard)).Events[0];
            (heard.Stimulus.Id, heard.Stimulus.Internal).ShouldBe((expected, true));
            events = [.. events, heard, new Prompted(cycle, Some.Base, Some.Prompt(cycle)), new Answered(cycle, [Some.Answer], 0)];
        }
    }

    [Fact]
    public void The_prompt_holds_charter_self_model_recalled_text_marked_as_such_and_the_stimulus()
    {
        var asked = Given(Listening).When(Found("c1", null, Some.Hit("e0"))).ThenOf(typeof(Prompted)).Hands("c1 answer 1").AndAgain();
        var prompt = ((SelfPhase.Answering)((SelfState)asked.Afterwards.State).Phase).Prompt;
        prompt.Parts.Select(p => p.Kind).ShouldBe([PartKind.Charter, PartKind.SelfModel, PartKind.Recalled, PartKind.Stimulus]);
        prompt.Recalled.ShouldBe([new MemoryId("e0")]);
        prompt.WithoutRecall().Parts.Select(p => p.Kind).ShouldBe([PartKind.Charter, PartKind.Stimulus]);
    }

    [Fact]
    public void An_insight_revises_the_self_model_once()
    {
        var outcome = Given(Listening).When(Found("c1", Some.Insight(1))).ThenOf(typeof(SelfModelRevised), typeof(Prompted));
        outcome.Events[0].ShouldBe(new SelfModelRevised("I like to learn. I am patient 1.", MemoryId.OfInsight(1)));
        ((Prompted)outcome.Events[1]).Prompt.Parts[1].Text.ShouldBe("I like to learn. I am patient 1.");

        Event[] next = [.. Listening, .. outcome.Events, new Answered(1, [Some.Answer], 0), new Heard(2, Some.At(2), Some.Stimulus(2))];
        Given(next).When(Found("c2", Some.Insight(1))).ThenOf(typeof(Prompted));
        var second = Given(next).When(Found("c2", Some.Insight(2))).ThenOf(typeof(SelfModelRevised), typeof(Prompted));
        ((SelfModelRevised)second.Events[0]).Text.ShouldBe("I like to learn. I am patient 2.", "the first form stays and does not grow");
    }

    [Fact]
    public void A_recall_of_another_cycle_is_passed_over() => Given(Listening).When(Found("c7", null)).Then().Hands();

    [Fact]
    public void The_answer_is_handed_to_the_Reflector() =>
        Given(Speaking)
            .When(new AnswerGenerated(1, 1, [Some.Answer]))
            .Then(new Answered(1, [Some.Answer], 0))
            .Hands("reflector c1 reflect")
            .AndAgain();

    [Fact]
    public void What_the_model_reasoned_stays_in_the_event_and_goes_no_further()
    {
        var reasoned = Some.Answer with { Reasoning = "They ask who I am." };
        var answered = Given(Speaking).When(new AnswerGenerated(1, 1, [reasoned])).Then(new Answered(1, [reasoned], 0));
        answered.Effects.OfType<Tell>().Select(t => t.Command).OfType<Reflect>().Single().Draft.Answer.Reasoning.ShouldBeNull();
    }

    [Fact]
    public void An_answer_without_reasoning_is_written_as_before_reasoning_existed() =>
        Encoding.UTF8.GetString(FacultyEvents.Codec.Write(new Answered(1, [Some.Answer], 0))).ShouldNotContain("reasoning");

    [Fact]
    public void An_answer_of_another_attempt_is_passed_over() =>
        Given(Speaking).When(new AnswerGenerated(1, 2, [Some.Answer])).Then().Hands();

    [Fact]
    public void The_best_candidate_by_a_score_is_the_answer_NaN_never_wins_and_ties_go_to_the_earlier()
    {
        ImmutableArray<Candidate> said =
        [
            Some.Said("a", alignment: double.NaN),
            Some.Said("b", 0.4),
            Some.Said("c", 0.9),
            Some.Said("d", 0.9),
            Some.Said("e", double.NaN),
        ];
        var picky = new SelfBegan(Some.Spec with { Self = Some.Self with { Pick = ScoreName.Alignment } });
        Event[] speaking = [picky, .. Speaking[1..]];
        Given(speaking).When(new AnswerGenerated(1, 1, said)).Then(new Answered(1, said, 2));
        Given(Speaking).When(new AnswerGenerated(1, 1, said)).Then(new Answered(1, said, 0));
    }

    [Fact]
    public void A_failed_call_is_an_event_and_the_model_is_asked_again_with_another_seed()
    {
        var outcome = Given(Speaking)
            .When(new AnswerFailed(1, 1, "503"))
            .Then(new GenerationFailed(1, 1, "503"))
            .Hands("c1 answer 2")
            .AndAgain();
        outcome.Afterwards.When(First).Effect<GenerateAnswer>().Seed.ShouldBe(Some.Spec.Seed.Derive(1, "answer", 2));
    }

    [Fact]
    public void After_the_last_attempt_the_instance_is_parked_and_no_text_is_made_up() =>
        Given([.. Speaking, new GenerationFailed(1, 1, "503")])
            .When(new AnswerFailed(1, 2, "500"))
            .Then(new GenerationFailed(1, 2, "500"))
            .Hands("supervisor/supervisor c1 given up")
            .Afterwards.When(First)
            .Then()
            .Hands("supervisor/supervisor c1 given up");

    [Fact]
    public void A_generation_is_adopted_and_the_probes_are_asked_outside_the_dialogue() =>
        Given(Handing)
            .When(new Adopt(1, new ModelId("m1"), RoundOutcome.Promoted))
            .Then(new Adopted(1, new ModelId("m1"), RoundOutcome.Promoted))
            .Hands("memory g1 recall")
            .AndTheSameAgain();

    [Fact]
    public void A_generation_adopted_before_is_answered_with_what_is_owed_now() =>
        Given(Handing).When(new Adopt(0, Some.Base, RoundOutcome.Born)).Then().Hands("reflector c1 reflect");

    [Fact]
    public void A_generation_cannot_be_skipped() =>
        Given(Handing)
            .When(new Adopt(2, Some.Base, RoundOutcome.Promoted))
            .RefusedBecause("generation 2 cannot be adopted: the Self is at generation 0");

    [Fact]
    public void The_same_probe_seeds_are_used_at_every_generation_and_the_held_out_set_is_the_blocks()
    {
        Event[] probing = [.. Handing, new Adopted(1, Some.Base, RoundOutcome.Untrained)];
        var ask = Given(probing)
            .When(
                new RecallFound(
                    new RecallFor("g1"),
                    [
                        [],
                        [],
                    ],
                    null
                )
            )
            .Then()
            .Hands("g1 probe 1")
            .AndTheSameAgain()
            .Effect<AskProbes>();
        ask.Seed.ShouldBe(
            Given(Born[..2])
                .When(
                    new RecallFound(
                        new RecallFor("g0"),
                        [
                            [],
                            [],
                        ],
                        null
                    )
                )
                .Effect<AskProbes>()
                .Seed
        );
        ask.HeldOutSeed.ShouldBe(Some.Spec.BlockSeed.Derive("held-out"));
    }

    [Fact]
    public void The_probes_close_the_round() =>
        Given(Born[..2])
            .When(new ProbesAnswered(0, Some.ProbeResults, Some.Heads))
            .Then(Born[2])
            .Hands("supervisor/supervisor c0 closed")
            .AndAgain();

    [Fact]
    public void After_a_round_the_next_cycle_uses_the_adopted_model()
    {
        Event[] closed =
        [
            .. Handing,
            new Adopted(1, new ModelId("m1"), RoundOutcome.Promoted),
            new Probed(1, new ModelId("m1"), "", Some.ProbeResults, Some.Heads),
        ];
        var heard = Given(closed).When(new Live(2, Some.At(2), Some.Stimulus(2))).ThenOf(typeof(Heard));
        heard.Afterwards.When(Found("c2", null)).Effect<GenerateAnswer>().Model.ShouldBe(new ModelId("m1"));
    }

    [Fact]
    public void An_event_that_cannot_follow_is_a_bug_and_throws() =>
        Should
            .Throw<InvalidOperationException>(() => Given([.. Born, new Answered(1, [Some.Answer], 0)]).State)
            .Message.ShouldContain("Answered cannot follow");

    private static RecallFound Found(string reason, Insight? newest, params Hit[] hits) =>
        new(
            new RecallFor(reason),
            [
                [.. hits],
            ],
            newest
        );

    private static Situation Given(params Event[] past) => new(Loop.Faculties[0], [.. past]);
}
