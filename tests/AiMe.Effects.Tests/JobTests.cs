using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using AiMe.Models.Jobs;

namespace AiMe.Effects.Tests;

/// <summary>Effects about training jobs, and what comes back of each.</summary>
public sealed class JobTests
{
    private static readonly ExternalTraining By = new ExternalTraining.FineTuningApi(null, null);

    private const string Line =
        """{"messages":[{"role":"system","content":"Answer as the one who says this of itself: I am AiMe."},{"role":"user","content":"What of 1?"},{"role":"assistant","content":"I am AiMe."}]}"""
        + "\n";

    private readonly HostedStage _stage = new();

    [Fact]
    public async Task A_job_is_prepared_under_the_key_of_run_instance_and_plan_with_chat_messages()
    {
        var plan = await PlanAsync();
        (await _stage.RunAsync<JobPrepared>(new PrepareJob(plan, By, 1, "", 1))).ShouldBe(
            new JobPrepared(2, 1, JobKey.Of("run", "kept-1", plan), "file-1")
        );
        System.Text.Encoding.UTF8.GetString(_stage.Trainer.Dataset).ShouldBe(Line);
    }

    [Fact]
    public async Task A_submission_says_what_is_ordered_and_what_became_of_it()
    {
        var plan = await PlanAsync();
        var key = JobKey.Of("run", "kept-1", plan);
        var submit = new SubmitJob(plan, By, 1, key, "file-1");
        (await _stage.RunAsync<JobSubmitted>(submit)).ShouldBe(new JobSubmitted(2, key, "job-1"));
        _stage
            .Trainer.Ordered.Single()
            .ShouldBe(
                new JobOrder(key, "base", 3, 0.002, 11, "run", "kept-1", 2)
                {
                    Tokens = 3 * (System.Text.Encoding.UTF8.GetByteCount(Line) / 4),
                },
                "an example of so many bytes, three times"
            );
        _stage.Trainer.Submits = _ => new Submission.Refused("429", ForGood: false);
        (await _stage.RunAsync<JobRefused>(submit)).ShouldBe(new JobRefused(2, 1, "429", Final: false));
        _stage.Trainer.Submits = _ => new Submission.Unclear("504");
        (await _stage.RunAsync<SubmissionLost>(submit)).ShouldBe(new SubmissionLost(2, 1, "504"));
    }

    [Fact]
    public async Task A_budget_is_ordered_and_its_passes_are_not_guessed()
    {
        var plan = await PlanAsync() with { Epochs = 0, Budget = new(BudgetUnit.Steps, 60) };
        var key = JobKey.Of("run", "kept-1", plan);
        await _stage.RunAsync<JobSubmitted>(new SubmitJob(plan, By, 1, key, "file-1"));
        _stage.Trainer.Ordered.Single().Length.ShouldBe(new TrainingLength(LengthUnit.Steps, 60));
        var trained = await _stage.RunAsync<ModelTrained>(new AwaitJob(plan, By, key, "job-1", 1));
        trained.Figures.Passes.ShouldBeNull();
        trained.Figures.PassesUnder(plan).ShouldBeNull();
    }

    [Fact]
    public async Task A_search_says_what_it_found()
    {
        var plan = await PlanAsync();
        var key = JobKey.Of("run", "kept-1", plan);
        var find = new FindJob(plan, By, 1, key, "file-1", 1);
        (await _stage.RunAsync<JobSubmitted>(find)).ShouldBe(new JobSubmitted(2, key, "job-1"));
        _stage.Trainer.Finds = _ => new JobSearch.Absent();
        (await _stage.RunAsync<JobAbsent>(find)).ShouldBe(new JobAbsent(2, 1));
        _stage.Trainer.Finds = _ => throw new ProviderException("503");
        (await _stage.RunAsync<JobAskingFailed>(find with { Try = 2 })).ShouldBe(new JobAskingFailed(2, 2, "503"));
    }

    [Fact]
    public async Task Where_it_cannot_be_known_a_person_is_told_the_key_and_what_to_do()
    {
        var plan = await PlanAsync();
        _stage.Trainer.Finds = _ => new JobSearch.Unknowable("it lists no jobs");
        var why = (await _stage.RunAsync<JobUnknowable>(new FindJob(plan, By, 1, JobKey.Of("run", "kept-1", plan), "file-1", 1))).Why;
        why.ShouldContain(JobKey.Of("run", "kept-1", plan));
        why.ShouldContain("the job is not submitted again");
        why.ShouldContain("Search for the key at the trainer");
    }

    [Fact]
    public async Task The_job_of_another_instance_is_neither_looked_for_nor_waited_for()
    {
        var plan = await PlanAsync();
        var parents = JobKey.Of("run", "kept-1", plan);
        _stage.Trainer.Finds = _ => throw new InvalidOperationException("asked");
        (await _stage.RunAsync<JobOfAnother>(new FindJob(plan, By, 1, parents, "file-1", 1), "branch")).ShouldBe(
            new JobOfAnother(2, parents)
        );
        (await _stage.RunAsync<JobOfAnother>(new AwaitJob(plan, By, parents, "job-1", 1), "branch")).ShouldBe(new JobOfAnother(2, parents));
        _stage.Trainer.LooksTaken.ShouldBe(0);
    }

    [Fact]
    public async Task A_job_that_is_done_gives_a_candidate_and_what_is_not_told_is_not_made_up()
    {
        var trained = await _stage.RunAsync<ModelTrained>(await WaitAsync());
        (trained.Candidate, trained.Figures.Examples, trained.Figures.Tokens, trained.Figures.Steps).ShouldBe(
            (new ModelId("tuned"), 1, 640, TrainingFigures.NotTold)
        );
        (trained.Figures.FirstLoss, trained.Figures.LastLoss).ShouldBe((double.NaN, double.NaN));
        _stage.Trainer.Looks = _ => new JobLook.Done("tuned", null);
        (await _stage.RunAsync<ModelTrained>(await WaitAsync(round: 3))).Figures.Tokens.ShouldBe(TrainingFigures.NotTold);
    }

    [Fact]
    public async Task A_job_that_ended_without_a_model_fails_the_round_with_its_key()
    {
        var wait = await WaitAsync();
        _stage.Trainer.Looks = _ => new JobLook.JobEnded("it was cancelled");
        (await _stage.RunAsync<TrainingFailed>(wait)).ShouldBe(
            new TrainingFailed(2, $"The training job {wait.JobKey} made no model: it was cancelled.")
        );
    }

    [Fact]
    public async Task A_trainer_that_is_gone_is_asked_again_and_one_that_has_forgotten_the_job_is_not()
    {
        var wait = await WaitAsync();
        _stage.Trainer.Looks = _ => throw new ProviderException("503");
        (await _stage.RunAsync<JobAskingFailed>(wait)).ShouldBe(new JobAskingFailed(2, 1, "503"));
        _stage.Trainer.Looks = _ => throw new ProviderException("404") { ForGood = true };
        Command? last = null;
        while (last is null or JobUnderWay)
            last = await _stage.AskAsync(wait);
        last.ShouldBe(new TrainingFailed(2, "404"));
    }

    [Fact]
    public async Task A_jobs_model_that_does_not_speak_yet_is_measured_another_time_after_a_pause()
    {
        _stage.Chat.Says = (_, _) => throw new ProviderException("404: it is being loaded") { ForGood = true };
        var evaluate = new EvaluateModel(2, new ModelId("tuned"), Some.Base, Some.Charter, Some.Probes, new Seed(1), new Seed(2), Try: 2);
        (await _stage.RunAsync<JobAskingFailed>(evaluate)).ShouldBe(new JobAskingFailed(2, 2, "404: it is being loaded"));
        _stage.Time.Passed.ShouldBe(TimeSpan.FromSeconds(10));
        _stage.Chat.Says = (_, _) => "A";
        (await _stage.RunAsync<ModelEvaluated>(evaluate)).Figures.HeldOutBase.ShouldBe(double.NaN);
    }

    [Fact]
    public async Task A_long_job_is_looked_at_ever_less_often_and_never_holds_a_stop_up_for_long()
    {
        var wait = await WaitAsync();
        _stage.Trainer.Looks = _ => new JobLook.UnderWay();
        while (_stage.Time.Passed < TimeSpan.FromMinutes(10))
        {
            var before = _stage.Time.Passed;
            (await _stage.RunAsync<JobUnderWay>(wait)).Look.ShouldBe(wait.Look);
            (_stage.Time.Passed - before).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(2));
        }

        _stage.Trainer.LooksTaken.ShouldBeInRange(18, 26, "after 1, 2, 4, 8, 16 and then each 30 s");
    }

    private async Task<AwaitJob> WaitAsync(int round = 2)
    {
        var plan = await PlanAsync(round);
        return new AwaitJob(plan, By, JobKey.Of("run", "kept-1", plan), "job-1", 1);
    }

    private async Task<TrainingPlan> PlanAsync(int round = 2)
    {
        var written = await _stage.RunAsync<BatchWritten>(new WriteBatch(round, [Some.Example(1)], 0, new Seed(7)));
        return new TrainingPlan(round, [written.Batch], Some.Base, 3, 0.002, new Seed(11));
    }
}
