using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.Analysis.Memories;

namespace AiMe.Lab.Tests.Analysis.Memories;

/// <summary>Every figure of the audit, on histories written by hand.</summary>
public sealed class MemoryAuditTests
{
    private static readonly Verdict[] Verdicts = [Verdict.Keep, Verdict.Hold, Verdict.Reject];

    [Fact]
    public void What_was_stored_is_counted_by_its_final_verdict()
    {
        var audit = new Life()
            .Cycle("What?", "This.")
            .Cycle("And?", "That.", Verdict.Hold)
            .Cycle("Who?", "Nobody.", Verdict.Reject)
            .Cycle("Why?", "Because.", Verdict.Hold)
            .Insight("I answer briefly.", "e1")
            .And(
                new HeldSettled(1, [new SettledReview(new("e2"), Verdict.Reject, []), new SettledReview(new("e4"), Verdict.Keep, [])]),
                new Forgot([new MemoryId("e1")])
            )
            .Audit();

        Verdicts.Select(audit.With).ShouldBe([2, 0, 2]);
        (audit.Experiences, audit.Insights.Length, audit.Forgotten, audit.Recallable).ShouldBe((4, 1, 1, 2));
        audit.Memories.Select(m => m.Fate).ShouldBe(["forgotten", "rejected", "rejected", "kept", "insight"]);
    }

    [Fact]
    public void An_experience_that_a_matched_draw_took_is_kept()
    {
        var life = new Life().And(new BatchDrawn(1, [new MemoryId("e1")], default)).Cycle("What?", "This.", Verdict.Hold);

        life.Audit().With(Verdict.Keep).ShouldBe(1);
    }

    [Fact]
    public void Memories_of_the_same_words_are_exact_duplicates_whatever_their_case_and_punctuation()
    {
        var audit = new Life()
            .Cycle("Who are you?", "I am Ada.")
            .Cycle("who are you", "I am ADA!")
            .Cycle("Who are you?", "I am not Ada.")
            .Cycle("Who  are you?", "I am Ada")
            .Audit();

        audit.Duplicates.Exact.ShouldBe(2);
        audit.Duplicates.Groups.Single().Ids.Select(i => i.Value).ShouldBe(["e1", "e2", "e4"]);
    }

    [Fact]
    public void A_rejected_or_forgotten_text_is_no_duplicate() =>
        new Life()
            .Cycle("Who?", "Ada.", Verdict.Reject)
            .Cycle("Who?", "Ada.")
            .Cycle("Who?", "Ada.")
            .And(new Forgot([new MemoryId("e2")]))
            .Audit()
            .Duplicates.Exact.ShouldBe(0);

    [Fact]
    public void A_memory_is_a_near_duplicate_from_a_cosine_of_95_hundredths_to_an_earlier_one_on()
    {
        var near = new Life()
            .Cycle("One?", "One one.")
            .Cycle("Two?", "Two two.", embedding: Life.Toward(1, other: 2, by: 30))
            .Cycle("Three?", "Three three.", embedding: Life.Toward(1, other: 3, by: 35))
            .Audit()
            .Duplicates.Near.ShouldHaveSingleItem();

        (near.Id.Value, near.Of.Value).ShouldBe(("e2", "e1"));
        near.Cosine.ShouldBe(0.958, 0.001);
    }

    [Fact]
    public void An_exact_duplicate_is_no_near_one() =>
        new Life()
            .Cycle("One?", "One one.")
            .Cycle("One?", "One one.", embedding: Life.Toward(1, other: 2, by: 0))
            .Audit()
            .Duplicates.NearCount.ShouldBe(0);

    [Fact]
    public void An_embedding_without_a_direction_is_near_to_nothing() =>
        new Life()
            .Cycle("One?", "One one.", embedding: new sbyte[128])
            .Cycle("Two?", "Two two.", embedding: new sbyte[128])
            .Audit()
            .Duplicates.NearCount.ShouldBe(0);

    [Fact]
    public void The_same_answer_to_another_question_is_counted_apart()
    {
        var duplicates = new Life()
            .Cycle("One?", "I do not know it.")
            .Cycle("Two?", "I do not know it!")
            .Cycle("Three?", "Yes, I do.")
            .Cycle("Four?", "Yes, I do.")
            .Audit()
            .Duplicates;

        duplicates.Exact.ShouldBe(0);
        duplicates.SameAnswers.Select(s => (s.Id.Value, s.Of.Value)).ShouldBe([("e2", "e1")], "short answers do not count");
    }

    [Fact]
    public void No_recalled_text_is_stored_again_by_the_loop()
    {
        var echoes = new Life().Cycle("One?", "One.").Cycle("Two?", "Two.", recalls: ["e1"]).Audit().Echoes;

        (echoes.Checked, echoes.StoredAgain.Length).ShouldBe((2, 0));
    }

    [Fact]
    public void Recalled_text_in_the_stored_prompt_or_input_would_be_found()
    {
        var recalled = new Prompt([new PromptPart(PartKind.Recalled, "Q: One? A: One.", new MemoryId("e1"))]);
        var echoes = new Life()
            .Cycle("One?", "One.")
            .Cycle("Two?", "Two.", recalls: ["e1"], bare: recalled)
            .Cycle("Q: One? A: One. Three?", "Three.", heard: "Three?")
            .Audit()
            .Echoes;

        echoes.StoredAgain.Select(i => i.Value).ShouldBe(["e2", "e3"]);
    }

    [Fact]
    public void An_answer_that_has_the_whole_of_a_recalled_one_is_named_as_the_models_own_repetition()
    {
        var echoes = new Life()
            .Cycle("One?", "The sea is calm and grey.")
            .Cycle("Two?", "No.")
            .Cycle("Three?", "As I said, the sea is calm and grey today.", recalls: ["e1"])
            .Cycle("Four?", "No. No.", recalls: ["e2"])
            .Cycle("Five?", "The sea is calm and grey.")
            .Audit()
            .Echoes;

        echoes.Repeats.Select(r => (r.Id.Value, r.Of.Value)).ShouldBe([("e3", "e1")], "short ones and unrecalled ones do not count");
        echoes.StoredAgain.ShouldBeEmpty();
    }

    [Fact]
    public void Recalls_are_counted_by_memory_and_those_of_probes_are_not()
    {
        var audit = new Life()
            .Cycle("One?", "One.")
            .Cycle("Two?", "Two.", recalls: ["e1"])
            .Cycle("Three?", "Three.", recalls: ["e1", "e2"])
            .And(
                new Recalled(
                    RecallFor.OfProbes(1),
                    DateTime.UnixEpoch,
                    [
                        [new Hit(new("e3"), "", 1, 1, 1, 1)],
                    ]
                )
            )
            .Audit();

        audit.Recall.Reachable.Select(m => (m.Id.Value, m.Recalls, m.LastRecall)).ShouldBe([("e1", 2, 3), ("e2", 1, 3)]);
        (audit.Recall.Recalls, audit.Recall.Cycles, audit.Recall.Never).ShouldBe((3, 2, 0));
    }

    [Fact]
    public void A_memory_is_never_recalled_only_if_it_could_have_been()
    {
        var recall = new Life()
            .Cycle("One?", "One.")
            .Cycle("Two?", "Two.", Verdict.Reject, recalls: ["e1"])
            .Cycle("Three?", "Three.", recalls: ["e1"])
            .Cycle("Four?", "Four.", recalls: ["e1"])
            .Audit()
            .Recall;

        (recall.Never, recall.Reachable.Length).ShouldBe((1, 2), "e3 could; e2 was rejected, and e4 came last");
    }

    [Fact]
    public void Concentration_is_0_for_even_recall_and_high_if_one_memory_gets_all()
    {
        var even = new Life().Cycle("1?", "1.").Cycle("2?", "2.", recalls: ["e1"]).Cycle("3?", "3.", Verdict.Reject, recalls: ["e2"]);
        even.Audit().Recall.Gini.ShouldBe(0);

        var one = even.Cycle("4?", "4.", Verdict.Reject, recalls: ["e1"]).Cycle("5?", "5.", Verdict.Reject, recalls: ["e1"]).Audit().Recall;
        one.Gini.ShouldBe(0.25, 1e-9, "recalls 3 and 1");
        (one.TopTenth, one.TopShare).ShouldBe((1, 0.75));
    }

    [Fact]
    public void The_expectation_by_age_alone_is_of_an_even_draw_at_each_recall()
    {
        var recall = new Life()
            .Cycle("1?", "1.")
            .Cycle("2?", "2.", recalls: ["e1"])
            .Cycle("3?", "3.", Verdict.Reject, recalls: ["e1"])
            .Audit()
            .Recall;

        recall.Reachable.Select(m => m.EvenRecalls).ShouldBe([1.5, 0.5]);
        recall.EvenGini.ShouldBe(0.25, 1e-9);
    }

    [Fact]
    public void Without_a_recall_concentration_is_undefined()
    {
        var recall = new Life().Cycle("One?", "One.").Audit().Recall;

        double.IsNaN(recall.Gini).ShouldBeTrue();
        double.IsNaN(recall.TopShare).ShouldBeTrue();
    }

    [Fact]
    public void A_memory_is_stale_if_it_was_neither_stored_nor_recalled_in_the_last_cycles()
    {
        var life = new Life().Cycle("1?", "1.").Cycle("2?", "2.").Cycle("3?", "3.").Cycle("4?", "4.", recalls: ["e1"]).Cycle("5?", "5.");

        life.Audit(staleAfter: 2).Recall.Stale.Select(m => m.Id.Value).ShouldBe(["e2", "e3"]);
        life.Audit(staleAfter: 3).Recall.Stale.Select(m => m.Id.Value).ShouldBe(["e2"]);
    }

    [Fact]
    public void The_histogram_has_buckets_that_double()
    {
        var life = new Life().Cycle("0?", "0.").Cycle("1?", "1.");
        for (var i = 0; i < 6; i++)
            life.Cycle($"{i} again?", $"{i} again.", Verdict.Reject, recalls: ["e1"]);

        life.Audit()
            .Recall.Histogram.Select(b => (b.Least, b.Most, b.Memories))
            .ShouldBe([(0, 0, 1), (1, 1, 0), (2, 2, 0), (3, 4, 0), (5, 8, 1)]);
    }

    [Fact]
    public void An_insight_is_shown_with_what_became_of_its_evidence()
    {
        var insight = new Life()
            .Cycle("One?", "One.")
            .Cycle("Two?", "Two.", Verdict.Reject)
            .Cycle("Three?", "Three.")
            .Insight("I count.", "e1", "e2", "e3")
            .Cycle("Four?", "Four.")
            .And(new Forgot([new MemoryId("e3")]))
            .Cycle("Five?", "Five.", recalls: ["i1"])
            .Revise("I am new. I count.")
            .And(new InsightFormed(5, null, 60))
            .Audit();

        insight.FailedInsights.ShouldBe(1);
        var one = insight.Insights.Single();
        one.Evidence.Select(e => e.Fate).ShouldBe(["kept", "rejected", "forgotten"]);
        (one.Rejected, one.Forgotten, one.IsUnsupported, one.Memory.Recalls, one.TakenIn).ShouldBe((1, 1, false, 1, 5));
    }

    [Fact]
    public void An_insight_whose_evidence_is_all_gone_is_unsupported() =>
        new Life().Cycle("One?", "One.", Verdict.Reject).Insight("I count.", "e1").Audit().Insights.Single().IsUnsupported.ShouldBeTrue();

    [Fact]
    public void The_self_model_is_compared_from_generation_to_generation()
    {
        var changes = new Life()
            .Generation(0, "I am new.")
            .Cycle("One?", "One.")
            .Insight("I count.", "e1")
            .Cycle("Two?", "Two.")
            .Revise("I am new. I count.")
            .Generation(1, "I am new. I count.")
            .Generation(2, "I am new. I count.")
            .Insight("I sing.", "e2")
            .Cycle("Three?", "Three.")
            .Revise("I am new. I sing.")
            .Audit()
            .SelfModel;

        changes
            .Select(c => (c.Generation, c.IsReached, c.Insights.Single().Id.Value, c.Insights.Single().Cycle))
            .ShouldBe([(1, true, "i1", 2), (3, false, "i2", 3)]);
        changes[1]
            .Edits.ShouldBe([
                new WordEdit(EditKind.Same, "I am new. I"),
                new WordEdit(EditKind.Removed, "count."),
                new WordEdit(EditKind.Added, "sing."),
            ]);
    }

    [Fact]
    public void Nothing_at_all_gives_an_empty_audit()
    {
        var audit = new Life().Audit();

        (audit.Cycle, audit.Memories.Length, audit.Recall.Histogram.Single().Memories).ShouldBe((0, 0, 0));
        double.IsNaN(audit.Junk.Share).ShouldBeTrue();
    }
}
