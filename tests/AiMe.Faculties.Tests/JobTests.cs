using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>The Trainer's table for external jobs: what it owes in each duty, and what follows from each answer.</summary>
public sealed class JobTests
{
    private const string Key = "aime-1";

    private static readonly Event Born = Given().When(new BeginTrainer(Some.Spec with { Trainer = Some.Hired })).Events.Single();
    private static readonly JobPrepared Prepared = new(1, 1, Key, "file");
    private static readonly SubmissionIntended Intended = new(1, Key, "file", 1);
    private static readonly Submitted Made = new(1, Key, "job");

    [Fact]
    public void A_plan_of_a_hired_trainer_is_prepared_and_not_trained() =>
        Given(Born).When(Written).ThenOf(typeof(Sealed), typeof(Planned)).Hands("r1 job").Effect<PrepareJob>().Attempt.ShouldBe(1);

    [Fact]
    public void The_intent_is_journalled_before_the_submission() =>
        Given(Preparing())
            .When(Prepared)
            .Then(Intended)
            .AndAgain()
            .Afterwards.State.ShouldBeOfType<TrainerState>()
            .Phase.ShouldBeOfType<TrainerPhase.Submitting>();

    [Fact]
    public void The_step_that_journals_the_intent_submits()
    {
        var submission = Given(Preparing()).When(Prepared).Effect<SubmitJob>();
        (submission.By, submission.Attempt, submission.JobKey, submission.Data).ShouldBe((Some.Hired.Backend!, 1, Key, "file"));
    }

    [Fact]
    public void Whoever_comes_to_an_intent_later_looks_for_the_job_and_submits_none()
    {
        Loop.Faculties[4].Pending(Given(Submitting()).State).Single().ShouldBeOfType<FindJob>();
        Given(Submitting()).When(new Seal(1, [Some.Example(1)])).Then().Effects.Single().ShouldBeOfType<FindJob>();
    }

    [Fact]
    public void No_duty_owes_a_submission_after_a_restart()
    {
        foreach (var past in (Event[][])[Preparing(), Submitting(), Seeking(), Awaiting()])
            Loop.Faculties[4].Pending(Given(past).State).ShouldNotContain(e => e is SubmitJob);
    }

    [Fact]
    public void A_job_is_looked_for_and_submitted_under_one_effect_key() =>
        Loop.Faculties[4]
            .Pending(Given(Submitting()).State)
            .Single()
            .Key.ShouldBe(Given(Preparing()).When(Prepared).Effect<SubmitJob>().Key);

    [Fact]
    public void A_submitted_job_is_waited_for() =>
        Given(Submitting())
            .When(new JobSubmitted(1, Key, "job"))
            .Then(Made)
            .AndAgain()
            .Afterwards.When(new Seal(1, []))
            .Then()
            .Effect<AwaitJob>()
            .Job.ShouldBe("job");

    [Fact]
    public void A_job_that_is_found_is_waited_for() =>
        Given(Seeking()).When(new JobSubmitted(1, Key, "job")).Then(Made).Hands("r1 job").AndAgain();

    [Fact]
    public void A_job_of_another_key_is_not_taken() => Given(Seeking()).When(new JobSubmitted(1, "aime-2", "job")).Then().Hands();

    [Fact]
    public void A_refused_submission_is_prepared_again_with_the_same_data() =>
        Given(Submitting())
            .When(new JobRefused(1, 1, "429", Final: false))
            .Then(new SubmissionRefused(1, Key, 1, "429"))
            .AndAgain()
            .Afterwards.When(new JobPrepared(1, 2, Key, "file"))
            .Then(Intended with { Attempt = 2 })
            .Effect<SubmitJob>()
            .Attempt.ShouldBe(2);

    [Fact]
    public void A_submission_refused_for_good_fails_the_round() =>
        Given(Submitting()).When(new JobRefused(1, 1, "400", Final: true)).Then(new Failed(1, "400")).Hands("self g1 adopt").AndAgain();

    [Fact]
    public void A_submission_without_an_answer_is_looked_for() =>
        Given(Submitting())
            .When(new SubmissionLost(1, 1, "timeout"))
            .Then(new SubmissionUnclear(1, Key, 1, "timeout"))
            .AndAgain()
            .Afterwards.When(new Seal(1, []))
            .Effect<FindJob>()
            .JobKey.ShouldBe(Key);

    [Fact]
    public void Only_where_there_is_certainly_no_job_is_another_prepared()
    {
        var absent = Given(Seeking()).When(new JobAbsent(1, 1)).Then(new NotSubmitted(1, Key, 1));
        var again = absent.Effect<PrepareJob>();
        (again.Attempt, again.Data, again.Try).ShouldBe((2, "", 2));
        absent.AndAgain();
    }

    [Fact]
    public void Where_it_cannot_be_known_none_is_submitted_and_the_champion_stays() =>
        Given(Seeking())
            .When(new JobUnknowable(1, 1, "it lists no jobs"))
            .Then(new LostTrack(1, Key, "it lists no jobs"))
            .Hands("self g1 adopt")
            .AndAgain()
            .Afterwards.When(new Seal(1, []))
            .Told<Adopt>()
            .ShouldBe(new Adopt(1, Some.Base, RoundOutcome.Failed));

    [Fact]
    public void The_job_of_a_parent_is_left_and_an_own_one_prepared()
    {
        foreach (var past in (Event[][])[Submitting(), Seeking(), Awaiting()])
            Given(past)
                .When(new JobOfAnother(1, Key))
                .Then(new Disowned(1, Key))
                .AndAgain()
                .Afterwards.When(new Seal(1, []))
                .Effect<PrepareJob>()
                .Attempt.ShouldBe(1);
    }

    [Fact]
    public void A_trainer_that_cannot_be_asked_is_asked_again_and_then_the_instance_is_parked()
    {
        var first = Given(Awaiting()).When(new JobAskingFailed(1, 1, "503")).Then(new AskingFailed(1, 1, "503")).Hands("r1 job").AndAgain();
        var second = first.Afterwards.When(new JobAskingFailed(1, 2, "503")).Hands("r1 job").AndAgain();
        var third = second.Afterwards.When(new JobAskingFailed(1, 3, "503")).Hands("supervisor/supervisor park").AndAgain();
        third.Afterwards.When(new Seal(1, [])).Then().Effect<AwaitJob>().Try.ShouldBe(4);
    }

    [Fact]
    public void A_submission_that_keeps_being_refused_parks_the_instance_and_submits_nothing_meanwhile()
    {
        Event[] past =
        [
            .. Submitting(),
            new SubmissionRefused(1, Key, 1, "429"),
            Intended with
            {
                Attempt = 2,
            },
            new SubmissionRefused(1, Key, 2, "429"),
            Intended with
            {
                Attempt = 3,
            },
        ];
        Given(past)
            .When(new JobRefused(1, 3, "429", Final: false))
            .Then(new SubmissionRefused(1, Key, 3, "429"))
            .Hands("supervisor/supervisor park")
            .AndAgain();
    }

    [Fact]
    public void A_job_that_has_not_ended_is_looked_at_again_and_leaves_no_trace()
    {
        var again = Given(Awaiting()).When(new JobUnderWay(1, Key, 7)).Then();
        (again.Effect<AwaitJob>().Look, again.Effect<AwaitJob>().Job).ShouldBe((8, "job"));
        Given(Submitting()).When(new JobUnderWay(1, Key, 7)).Then().Hands();
    }

    [Fact]
    public void A_job_that_is_done_gives_a_candidate() =>
        Given(Awaiting())
            .When(new ModelTrained(1, new ModelId("m1"), Some.Figures))
            .Then(new Trained(1, new ModelId("m1"), Some.Figures))
            .Hands("r1 evaluate")
            .AndAgain();

    [Fact]
    public void A_model_of_a_job_that_cannot_be_measured_yet_is_not_given_up()
    {
        Event[] evaluating = [.. Awaiting(), new Trained(1, new ModelId("m1"), Some.Figures)];
        var first = Given(evaluating).When(new JobAskingFailed(1, 1, "404")).Then(new AskingFailed(1, 1, "404")).Hands("r1 evaluate");
        first.AndAgain();
        first.Effect<EvaluateModel>().Try.ShouldBe(2);
        var third = first
            .Afterwards.When(new JobAskingFailed(1, 2, "404"))
            .Afterwards.When(new JobAskingFailed(1, 3, "404"))
            .Hands("supervisor/supervisor park")
            .AndAgain();
        third.Afterwards.When(new Seal(1, [])).Then().Effect<EvaluateModel>().Candidate.ShouldBe(new ModelId("m1"));
        third.Afterwards.When(new ModelEvaluated(1, Some.Fine)).ThenOf(typeof(Promoted));
    }

    [Fact]
    public void A_job_that_failed_ends_the_round_and_is_not_submitted_again() =>
        Given(Awaiting()).When(new TrainingFailed(1, "cancelled")).Then(new Failed(1, "cancelled")).Hands("self g1 adopt").AndAgain();

    [Fact]
    public void Answers_of_another_round_or_attempt_are_passed_over()
    {
        foreach (
            var late in (Command[])
                [
                    new JobPrepared(1, 9, Key, "file"),
                    new JobSubmitted(7, "aime-7", "job"),
                    new JobRefused(1, 9, "429", false),
                    new SubmissionLost(1, 9, "late"),
                    new JobAbsent(1, 9),
                    new JobUnknowable(1, 9, "?"),
                    new JobOfAnother(1, "aime-9"),
                    new JobAskingFailed(1, 9, "503"),
                    new JobUnderWay(1, "aime-9", 1),
                    new ModelTrained(7, Some.Base, Some.Figures),
                    new TrainingFailed(7, "late"),
                ]
        )
        {
            foreach (
                var past in (Event[][])
                    [
                        [Born],
                        Preparing(),
                        Submitting(),
                        Seeking(),
                        Awaiting(),
                    ]
            )
                Given(past).When(late).Then().Hands();
        }
    }

    [Fact]
    public void What_a_model_that_scores_no_text_cannot_be_held_to_is_said_before_its_promotion()
    {
        var figures = Some.Fine with { HeldOutBase = double.NaN, HeldOut = double.NaN, AnchorBase = double.NaN, Anchor = double.NaN };
        var promoted = Given([.. Awaiting(), new Trained(1, new ModelId("m1"), Some.Figures)])
            .When(new ModelEvaluated(1, figures))
            .ThenOf(typeof(GateUnchecked), typeof(Promoted));
        promoted.AndAgain();
        promoted
            .Events.OfType<GateUnchecked>()
            .Single()
            .Bounds.ShouldBe([
                "the rise of held-out cross-entropy, at most 5.0%, was not checked: the model tells no log-probabilities of given text",
                "the rise of cross-entropy on anchor data, at most 10.0%, was not checked: the model tells no log-probabilities of given text",
            ]);
    }

    [Fact]
    public void A_fork_from_between_what_was_not_checked_and_the_promotion_says_it_once_and_one_with_another_gate_says_what_is_open_there()
    {
        var figures = Some.Fine with { HeldOutBase = double.NaN, HeldOut = double.NaN, AnchorBase = double.NaN, Anchor = double.NaN };
        Event[] measured = [.. Awaiting(), new Trained(1, new ModelId("m1"), Some.Figures)];
        var said = Given(measured).When(new ModelEvaluated(1, figures)).Events.OfType<GateUnchecked>().Single();
        Given([.. measured, said]).When(new ModelEvaluated(1, figures)).Then(new Promoted(1, new ModelId("m1"), figures)).AndAgain();
        var settings = measured.OfType<TrainerBegan>().Single().Settings;
        Given([.. measured, said, new TrainerChanged(settings with { Gate = settings.Gate with { Drift = 0.4 } }, Some.Spec.Seed)])
            .When(new ModelEvaluated(1, figures))
            .ThenOf(typeof(GateUnchecked), typeof(Promoted));
    }

    [Fact]
    public void What_can_be_checked_still_rolls_a_hired_trainers_model_back()
    {
        var figures = Some.Fine with
        {
            HeldOutBase = double.NaN,
            HeldOut = double.NaN,
            AnchorBase = double.NaN,
            Anchor = double.NaN,
            Drift = double.NaN,
        };
        Given([.. Awaiting(), new Trained(1, new ModelId("m1"), Some.Figures)])
            .When(new ModelEvaluated(1, figures))
            .Then(new RolledBack(1, new ModelId("m1"), figures, ["bare identity drift is undefined, at most 0.250 is allowed"]));
    }

    [Fact]
    public void The_key_is_of_run_instance_and_plan()
    {
        var plan = PlanOf(Preparing());
        JobKey.Of("run", "a", plan).ShouldBe(JobKey.Of("run", "a", plan with { Parts = [.. plan.Parts] }));
        string[] keys =
        [
            JobKey.Of("run", "a", plan),
            JobKey.Of("run", "b", plan),
            JobKey.Of("runa", "", plan),
            JobKey.Of("run", "a", plan with { Round = 2 }),
            JobKey.Of("run", "a", plan with { Epochs = 9 }),
        ];
        keys.ShouldBeUnique();
        keys.ShouldAllBe(k => k.Length == 29 && k.StartsWith("aime-", StringComparison.Ordinal));
    }

    [Fact]
    public void An_instance_that_trains_in_the_process_is_written_as_it_was_before_there_were_jobs() =>
        System
            .Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(Given().When(new BeginTrainer(Some.Spec)).Events.Single()))
            .ShouldNotContain("backend");

    private static BatchWritten Written => new(1, [MemoryId.OfCycle(1)], "b1", "a1", 1);

    private static Event[] Preparing() => [Born, .. Given(Born).When(Written).Events];

    private static Event[] Submitting() => [.. Preparing(), Intended];

    private static Event[] Seeking() => [.. Submitting(), new SubmissionUnclear(1, Key, 1, "timeout")];

    private static Event[] Awaiting() => [.. Submitting(), Made];

    private static TrainingPlan PlanOf(Event[] past) => past.OfType<Planned>().Single().Plan;

    private static Situation Given(params Event[] past) => new(Loop.Faculties[4], [.. past]);
}
