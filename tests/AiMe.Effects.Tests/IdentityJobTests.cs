using System.Collections.Immutable;
using AiMe.Effects.Identities;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Models;
using AiMe.Models.Jobs;

namespace AiMe.Effects.Tests;

/// <summary>The one job that makes generation 0 of a hosted model.</summary>
public sealed class IdentityJobTests
{
    private static readonly ModelId Hosted = new("some-chat");

    private readonly InMemoryBlobs _blobs = new();
    private readonly StubTrainer _trainer = new() { Finds = _ => new JobSearch.Unknowable("it lists none") };
    private readonly List<TrainerEvent> _recorded = [];

    [Fact]
    public async Task It_is_submitted_once_under_a_key_of_the_run_and_its_model_is_generation_0()
    {
        (await RunAsync()).ShouldBe(new ModelId("tuned"));
        var order = _trainer.Ordered.Single();
        (order.Model, order.Epochs, order.Run, order.Instance, order.Round).ShouldBe(("some-chat", 3, "run", "identity", 0));
        System.Text.Encoding.UTF8.GetString(_trainer.Dataset).ShouldContain("""{"role":"assistant","content":"Ada."}""");
    }

    [Fact]
    public async Task A_process_that_comes_later_makes_no_second_job()
    {
        await RunAsync();
        (await RunAsync()).ShouldBe(new ModelId("tuned"));
        _trainer.Ordered.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(typeof(SubmissionIntended))]
    [InlineData(typeof(Submitted))]
    public async Task After_a_crash_it_is_found_by_its_key(Type last)
    {
        _trainer.Looks = _ => throw new InvalidOperationException("crash"); // before anybody looked at it
        await Should.ThrowAsync<InvalidOperationException>(RunAsync);
        var known = _recorded.FindIndex(e => e.GetType() == last) + 1;
        _recorded.RemoveRange(known, _recorded.Count - known);
        (_trainer.Looks, _trainer.Finds) = (_ => new JobLook.Done("tuned", 640), _ => new JobSearch.Found("job-1"));

        (await RunAsync()).ShouldBe(new ModelId("tuned"));
        _trainer.Ordered.Count.ShouldBe(1, "it is looked for, and not submitted again");
    }

    [Fact]
    public async Task A_job_that_the_server_lists_is_used_although_nothing_is_recorded()
    {
        _trainer.Finds = _ => new JobSearch.Found("job-of-before");
        (await RunAsync()).ShouldBe(new ModelId("tuned"));
        _trainer.Ordered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_made_no_model_fails_for_good_with_its_reason()
    {
        _trainer.Looks = _ => new JobLook.JobEnded("cancelled");
        var failure = await Should.ThrowAsync<ProviderException>(RunAsync);
        failure.ForGood.ShouldBeTrue();
        failure.Message.ShouldStartWith("The identity was not trained: The training job aime-");
        failure.Message.ShouldEndWith("made no model: cancelled.");
        (await Should.ThrowAsync<ProviderException>(RunAsync)).Message.ShouldBe(failure.Message, "and again, without another job");
        _trainer.Ordered.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_trainer_that_cannot_be_reached_leaves_the_job_to_the_same_command()
    {
        _trainer.Looks = _ => throw new ProviderException("no answer");
        var failure = await Should.ThrowAsync<ProviderException>(RunAsync);
        failure.ForGood.ShouldBeFalse();
        failure.Message.ShouldContain("no answer");
        _trainer.Looks = _ => new JobLook.Done("tuned", 640);
        (await RunAsync()).ShouldBe(new ModelId("tuned"));
        _trainer.Ordered.Count.ShouldBe(1);
    }

    private async Task<ModelId> RunAsync()
    {
        var data = await _blobs.PutAsync(
            Datasets.Write([
                [Parts.Message(Parts.Charter, "I am Ada."), Parts.Message(Parts.Stimulus, "Who?"), Parts.Message(Parts.Answer, "Ada.")],
            ]),
            CancellationToken.None
        );
        return await new IdentityJob(_ => _trainer, _blobs, "run", new FakeTime()).RunAsync(
            Hosted,
            new Seed(7),
            Some.Charter,
            new IdentityTuning(data.Sha256, 1, Epochs: 3, 0.002, Anchor: 0, Backend: new ExternalTraining.FineTuningApi(null, null)),
            [.. _recorded],
            happened =>
            {
                _recorded.AddRange(happened);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
    }
}
