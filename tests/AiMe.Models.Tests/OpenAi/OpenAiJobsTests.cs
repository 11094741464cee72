using AiMe.Models.Jobs;
using AiMe.Models.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

public sealed class OpenAiJobsTests : Served, IAsyncLifetime
{
    private static readonly JobOrder Order = new(
        "aime-0123456789abcdef01234567",
        "some-model",
        Epochs: 3,
        LearningRate: 0.001,
        Seed: ulong.MaxValue,
        "run-1",
        "kept-1",
        Round: 2
    );
    private static readonly byte[] Lines = OpenAiDataset.Write([
        [
            Parts.Message(Parts.Charter, "I am AiMe."),
            Parts.Message(Parts.Stimulus, "Who \"are\" you?"),
            Parts.Message(Parts.Answer, "AiMe."),
        ],
    ]);

    private readonly FineTuningStub _tuning = new();

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Stub.Answers = _tuning.AnswerAsync;
    }

    [Fact]
    public void A_dataset_is_chat_messages_with_role_and_content_alone() =>
        System
            .Text.Encoding.UTF8.GetString(Lines)
            .ShouldBe(
                """{"messages":[{"role":"system","content":"Answer as the one who says this of itself: I am AiMe."},{"role":"user","content":"Who \"are\" you?"},{"role":"assistant","content":"AiMe."}]}"""
                    + "\n"
            );

    [Fact]
    public async Task A_training_set_is_uploaded_whole_for_fine_tuning()
    {
        var file = await Jobs().PrepareAsync(Order, 1, "", Lines, default);
        var form = _tuning.Files[file];
        form.ShouldContain("fine-tune");
        form.ShouldContain("filename=aime-0123456789abcdef01234567.jsonl");
        form.ShouldContain(System.Text.Encoding.UTF8.GetString(Lines));
        (await Jobs().PrepareAsync(Order, 2, file, Lines, default)).ShouldBe(file, "what was not taken back is used again");
        _tuning.Files.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_budget_that_is_not_in_epochs_is_refused_before_anything_is_uploaded()
    {
        var order = Order with { Length = new(LengthUnit.Steps, 60) };
        var refused = await Should.ThrowAsync<ProviderException>(Jobs().PrepareAsync(order, 1, "", Lines, default));
        refused.ForGood.ShouldBeTrue();
        refused.Message.ShouldContain("a budget of 60 steps");
        _tuning.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_submission_bears_the_key_and_all_that_was_ordered()
    {
        var made = (await SubmitAsync()).Submission.ShouldBeOfType<Submission.Made>();
        var job = _tuning.Jobs.ShouldHaveSingleItem();
        made.Job.ShouldBe(job.Id);
        job.Request.ShouldBe(
            """{"model":"some-model","training_file":"file-1","suffix":"aime-0123456789abcdef01234567","seed":2147483647,"hyperparameters":{"n_epochs":3,"learning_rate_multiplier":0.5,"batch_size":4},"metadata":{"aime_key":"aime-0123456789abcdef01234567","aime_run":"run-1","aime_instance":"kept-1","aime_round":"2"}}"""
        );
    }

    [Fact]
    public async Task A_server_that_is_busy_made_nothing_and_is_asked_again()
    {
        _tuning.BeforeSubmission = (n, context) => n < 3 ? AnsweredAsync(context, 429) : Task.FromResult(false);
        (await SubmitAsync(retries: 2)).Submission.ShouldBeOfType<Submission.Made>();
        (_tuning.Submissions, _tuning.Jobs.Count).ShouldBe((3, 1));
    }

    [Theory]
    [InlineData(429, false)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(400, true)]
    [InlineData(404, true)]
    [InlineData(301, true)]
    public async Task A_submission_that_is_turned_away_made_nothing(int status, bool forGood)
    {
        _tuning.BeforeSubmission = (_, context) => AnsweredAsync(context, status);
        var refused = (await SubmitAsync()).Submission.ShouldBeOfType<Submission.Refused>();
        refused.ForGood.ShouldBe(forGood);
        refused.Why.ShouldContain($"HTTP {status}");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(408)]
    [InlineData(409)]
    public async Task A_failure_that_says_nothing_of_what_was_made_is_unclear_and_never_sent_again(int status)
    {
        _tuning.AfterSubmission = (_, context) => AnsweredAsync(context, status);
        (await SubmitAsync(retries: 5)).Submission.ShouldBeOfType<Submission.Unclear>();
        (_tuning.Submissions, _tuning.Jobs.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_after_the_job_was_made_is_unclear_and_the_job_is_found()
    {
        _tuning.AfterSubmission = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var (submission, file) = await SubmitAsync(retries: 5);
        submission.ShouldBeOfType<Submission.Unclear>().Why.ShouldContain("cut off");
        (await Jobs().FindAsync(Order.Key, file, default)).ShouldBe(new JobSearch.Found(_tuning.Jobs.Single().Id));
        _tuning.Submissions.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_unclear()
    {
        _tuning.BeforeSubmission = async (_, context) =>
        {
            await OpenAiStub.Silence(context);
            return true;
        };
        (await SubmitAsync(timeout: TimeSpan.FromMilliseconds(300))).Submission.ShouldBeOfType<Submission.Unclear>();
        _tuning.Submissions.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_not_there_was_sent_nothing()
    {
        var jobs = Jobs();
        await Stub.DisposeAsync();
        (await jobs.SubmitAsync(Order, "file-1", default)).ShouldBeOfType<Submission.Refused>().ForGood.ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_is_found_by_its_key_or_by_its_file_alone()
    {
        var (_, file) = await SubmitAsync();
        var id = _tuning.Jobs.Single().Id;
        (await Jobs().FindAsync(Order.Key, "", default)).ShouldBe(new JobSearch.Found(id));
        _tuning.KeepsMetadata = false;
        (await Jobs().FindAsync(Order.Key, file, default)).ShouldBe(new JobSearch.Found(id));
    }

    [Fact]
    public async Task A_job_is_found_on_a_later_page()
    {
        var (_, file) = await SubmitAsync();
        _tuning.Foreign(250);
        (await Jobs().FindAsync(Order.Key, file, default)).ShouldBeOfType<JobSearch.Found>();
    }

    [Fact]
    public async Task Where_none_is_listed_the_file_is_taken_back_before_it_is_said_that_there_is_none()
    {
        var file = await Jobs().PrepareAsync(Order, 1, "", Lines, default);
        (await Jobs().FindAsync(Order.Key, file, default)).ShouldBe(new JobSearch.Absent());
        Time.Waits.ShouldContain(TimeSpan.FromSeconds(10));
        (await Jobs().SubmitAsync(Order, file, default))
            .ShouldBeOfType<Submission.Refused>("a late submission comes to nothing")
            .ForGood.ShouldBeTrue();
        _tuning.Jobs.ShouldBeEmpty();
        (await Jobs().FindAsync(Order.Key, file, default)).ShouldBe(new JobSearch.Absent(), "asked again it is the same");
    }

    [Fact]
    public async Task A_submission_that_arrives_while_it_is_looked_for_is_found()
    {
        var file = await Jobs().PrepareAsync(Order, 1, "", Lines, default);
        var late = false;
        Stub.Answers = async (context, asked) =>
        {
            if (context.Request.Method == "DELETE" && !late)
            {
                late = true;
                await Jobs().SubmitAsync(Order, file, default);
            }

            await _tuning.AnswerAsync(context, asked);
        };
        (await Jobs().FindAsync(Order.Key, file, default)).ShouldBeOfType<JobSearch.Found>();
    }

    [Fact]
    public async Task A_server_that_lists_no_jobs_cannot_tell()
    {
        _tuning.Lists = false;
        (await Jobs().FindAsync(Order.Key, "file-1", default))
            .ShouldBeOfType<JobSearch.Unknowable>()
            .Why.ShouldContain("does not list its jobs");
    }

    [Fact]
    public async Task A_server_that_lets_no_file_be_deleted_cannot_tell_that_there_is_none()
    {
        _tuning.Deletes = false;
        var file = await Jobs().PrepareAsync(Order, 1, "", Lines, default);
        (await Jobs().FindAsync(Order.Key, file, default))
            .ShouldBeOfType<JobSearch.Unknowable>()
            .Why.ShouldContain("does not allow deleting a file");
    }

    [Fact]
    public async Task A_server_that_is_out_of_order_is_asked_another_time()
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "{}", 503);
        (await Should.ThrowAsync<ProviderException>(Jobs().FindAsync(Order.Key, "file-1", default))).ForGood.ShouldBeFalse();
        (await Should.ThrowAsync<ProviderException>(Jobs().LookAsync(Order.Key, "ftjob-1", default))).ForGood.ShouldBeFalse();
        (await Should.ThrowAsync<ProviderException>(Jobs().PrepareAsync(Order, 1, "", Lines, default))).ForGood.ShouldBeFalse();
    }

    [Theory]
    [InlineData("validating_files", null)]
    [InlineData("queued", null)]
    [InlineData("running", null)]
    [InlineData("paused", null)]
    [InlineData("failed", "failed: too few examples")]
    [InlineData("cancelled", "was cancelled at the server")]
    public async Task A_job_is_under_way_until_it_has_ended(string status, string? why)
    {
        await SubmitAsync();
        _tuning.Status = _ => status;
        var look = await Jobs().LookAsync(Order.Key, _tuning.Jobs.Single().Id, default);
        if (why is null)
            look.ShouldBe(new JobLook.UnderWay());
        else
            look.ShouldBeOfType<JobLook.JobEnded>().Why.ShouldContain(why);
    }

    [Fact]
    public async Task A_job_that_succeeded_names_its_model_and_its_tokens()
    {
        await SubmitAsync();
        var id = _tuning.Jobs.Single().Id;
        (await Jobs().LookAsync(Order.Key, id, default)).ShouldBe(new JobLook.Done($"ft:some-model:{id}", 640));
    }

    [Fact]
    public async Task A_job_that_the_server_no_longer_knows_is_a_failure_for_good() =>
        (await Should.ThrowAsync<ProviderException>(Jobs().LookAsync(Order.Key, "ftjob-9", default))).ForGood.ShouldBeTrue();

    private static async Task<bool> AnsweredAsync(HttpContext context, int status)
    {
        await OpenAiStub.JsonAsync(context, """{"error":{"message":"no"}}""", status);
        return true;
    }

    private OpenAiJobs Jobs(int retries = 0, TimeSpan? timeout = null) =>
        new(Server(o => o with { Retries = retries, Timeout = timeout ?? o.Timeout }), 0.5, 4, Time);

    private async Task<(Submission Submission, string File)> SubmitAsync(int retries = 0, TimeSpan? timeout = null)
    {
        var jobs = Jobs(retries, timeout);
        var file = await jobs.PrepareAsync(Order, 1, "", Lines, default);
        return (await jobs.SubmitAsync(Order, file, default), file);
    }
}
