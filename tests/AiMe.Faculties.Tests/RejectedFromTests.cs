using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>Preference training whose rejected answers another model gives.</summary>
public sealed class RejectedFromTests
{
    private static readonly TrainerSettings OverBirth = Preferring(RejectedFrom.Birth);

    private static readonly SimulatedRun Calm = Lived(OverBirth);

    [Theory]
    [InlineData(RejectedFrom.Candidates, "")]
    [InlineData(RejectedFrom.Birth, ",\"rejected\":\"birth\"")]
    [InlineData(RejectedFrom.Untuned, ",\"rejected\":\"untuned\"")]
    public void The_source_is_part_of_the_method_and_candidates_are_not_written(RejectedFrom from, string json)
    {
        var plan = new Planned(new TrainingPlan(1, ["b1"], Some.Base, 2, 0.01, default, Preferring(from).Method));
        Text(plan).ShouldEndWith($"\"method\":{{\"by\":\"dpo\",\"rank\":4,\"alpha\":8,\"beta\":0.1{json}}}}}}}");
        ((Planned)Again(plan)).Plan.Method.ShouldBe(Preferring(from).Method);
    }

    [Fact]
    public void Without_another_model_no_word_of_its_answers_is_written()
    {
        foreach (var line in Lived(Preferring(RejectedFrom.Candidates)).Journal)
        {
            line.ShouldNotContain("\"answers\":");
            line.ShouldNotContain("\"rejected\":");
        }
    }

    [Fact]
    public void Generation_0_answers_the_prompts_of_a_round_as_all_answers_are_sampled_with_a_seed_of_its_own()
    {
        var begun = new List<Effect>();
        Lived(OverBirth, begun.Add);
        var spec = Plan(OverBirth).Spec(Plan(OverBirth).Variants[0], 1);
        var asked = begun.OfType<WriteBatch>().ToArray();
        asked.ShouldNotBeEmpty();
        foreach (var batch in asked)
            batch.Rejected.ShouldBe(
                new RejectedAnswers(spec.Base, spec.Charter, spec.Self.Sampling, spec.Seed.Derive("rejected", batch.Round))
            );
    }

    [Fact]
    public void The_untuned_model_is_named_by_the_plan_and_not_by_an_id()
    {
        var begun = new List<Effect>();
        Lived(Preferring(RejectedFrom.Untuned), begun.Add);
        begun.OfType<WriteBatch>().ShouldAllBe(b => b.Rejected!.Model == null);
    }

    [Fact]
    public void What_was_rejected_is_sealed_with_the_batch_and_read_back()
    {
        var batches = Calm.EventsOf("kept-1", Loop.Trainer).OfType<Sealed>().ToArray();
        batches.ShouldNotBeEmpty();
        foreach (var batch in batches)
        {
            batch.Rejected.Length.ShouldBe(batch.Kept.Length);
            Text(batch).ShouldContain(",\"rejected\":[\"I guess ");
            ((Sealed)Again(batch)).Rejected.ShouldBe(batch.Rejected);
        }
    }

    [Fact]
    public void The_other_candidates_are_not_kept_because_they_are_not_rejected()
    {
        Calm.EventsOf("kept-1", Loop.Memory).OfType<Stored>().ShouldAllBe(s => s.Others.IsDefault);
        Calm.EventsOf("kept-1", Loop.Trainer).OfType<Planned>().ShouldNotBeEmpty("one answer is enough to train on");
    }

    [Fact]
    public void Answers_that_could_not_be_sampled_end_the_round_with_the_model_that_was()
    {
        Event born = new TrainerBegan(OverBirth, Some.Base, Some.Charter, Some.Probes, new Seed(1), new Seed(2), Some.Self.Sampling);
        new Situation(Loop.Faculties[4], [born])
            .When(new TrainingFailed(1, "There is no answer to be rejected: gone"))
            .Then(new Failed(1, "There is no answer to be rejected: gone"))
            .Hands("self g1 adopt");
        new Situation(Loop.Faculties[4], [born, new Failed(1, "gone")]).When(new TrainingFailed(1, "gone")).Then();
    }

    [Fact]
    public void A_crash_at_any_event_gives_the_same_events()
    {
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events, () => new SimulatedRun(Plan(OverBirth))))
            WholeRunTests.Compare(Calm, run, how);
    }

    [Fact]
    public void A_fork_that_rejects_answers_of_generation_0_does_so_from_there_on()
    {
        var run = Lived(Some.Trainer);
        var parent = run.State<SelfState>(new FacultyAddress("kept-1", Loop.Self)).Spec!;
        var at = run.IndexOf("kept-1", e => e is Stored { Cycle: 2 });
        run.Fork("kept-1", at, "branch", rests: false, parent.Settings with { Trainer = OverBirth });
        run.RunToEnd();
        run.EventsOf("branch", Loop.Trainer).OfType<TrainerChanged>().Single().Answers.ShouldBe(parent.Self.Sampling);
        run.EventsOf("branch", Loop.Trainer).OfType<Sealed>().ShouldAllBe(s => s.Rejected.Length == s.Kept.Length);
    }

    private static TrainerSettings Preferring(RejectedFrom from) =>
        Some.Trainer with
        {
            Anchor = 0,
            Method = new TrainingMethod.Dpo(4, 8, 0.1, from),
        };

    private static RunPlan Plan(TrainerSettings trainer)
    {
        var plan = Plans.TwoVariants(replicates: 1);
        return plan with { Variants = [plan.Variants[0] with { Trainer = trainer, Self = Some.Self with { Candidates = 2 } }] };
    }

    private static SimulatedRun Lived(TrainerSettings trainer, Action<Effect>? begun = null) =>
        new SimulatedRun(Plan(trainer)) { Begun = begun ?? (_ => { }) }.RunToEnd();

    private static string Text(Event happened) => Encoding.UTF8.GetString(FacultyEvents.Codec.Write(happened));

    private static Event Again(Event happened) =>
        FacultyEvents.Codec.Read(FacultyEvents.Codec.ManifestOf(happened), FacultyEvents.Codec.Write(happened));
}
