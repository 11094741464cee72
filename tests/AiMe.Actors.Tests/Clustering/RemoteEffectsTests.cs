using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>A node without the role model asks a shard region that is a probe. Time passes when a test says so.</summary>
public sealed class RemoteEffectsTests : TestKit
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TestProbe _region;
    private readonly RemoteEffects _effects;

    public RemoteEffectsTests()
        : base(Systems.Silent)
    {
        _region = CreateTestProbe();
        _effects = new RemoteEffects(new Local(), _region, FacultyMessages.All.Effects, _time, _stopping.Token);
    }

    [Fact]
    public async Task Work_that_another_node_does_comes_back_as_if_it_had_been_done_here()
    {
        var asked = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        var work = Work();
        (work.Instance, work.Effect).ShouldBe(("kept-1", ModelTasks.Effect(1)));
        _region.Reply(new ModelWorkDone(work.Id, ModelTasks.Answer(1)));
        (await asked.WaitAsync(Systems.Patience)).ShouldBeOfType<AnswerGenerated>().Cycle.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_there_is_a_failure_here_with_the_same_words()
    {
        var asked = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        _region.Reply(new ModelWorkFailed(Work().Id, "InvalidOperationException", "it cannot be"));
        var failure = await Should.ThrowAsync<FailedElsewhereException>(() => asked.WaitAsync(Systems.Patience));
        FailedElsewhereException
            .Describe(failure)
            .ShouldBe(FailedElsewhereException.Describe(new InvalidOperationException("it cannot be")));
    }

    [Fact]
    public async Task Work_that_stays_owed_there_stays_owed_here()
    {
        var asked = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        _region.Reply(new ModelWorkDeferred(Work().Id, "the budget is used up"));
        (await Should.ThrowAsync<StaysOwedException>(() => asked.WaitAsync(Systems.Patience))).Message.ShouldBe("the budget is used up");
    }

    [Fact]
    public void Work_that_is_not_answered_is_asked_for_again_after_3_seconds_and_then_after_twice_as_long_up_to_15()
    {
        _ = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        var work = Work();
        foreach (var wait in (int[])[3, 6, 12, 15, 15])
        {
            _time.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            _region.HasMessages.ShouldBeFalse();
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Work().Id.ShouldBe(work.Id);
        }
    }

    [Fact]
    public async Task Work_that_a_node_declines_is_asked_for_again_a_second_later()
    {
        var asked = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        var work = Work();
        _region.Reply(new ModelWorkDeclined(work.Id));
        AwaitCondition(() => Passes(TimeSpan.FromMilliseconds(100)), Systems.Patience, Systems.Often);
        Work().Id.ShouldBe(work.Id);
        _time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(_time.Start.AddSeconds(1));
        _region.Reply(new ModelWorkDone(work.Id, ModelTasks.Answer(1)));
        await asked.WaitAsync(Systems.Patience);
    }

    [Fact]
    public void Work_has_one_id_wherever_and_whenever_it_is_asked_for_and_another_for_another_instance_or_effect()
    {
        string IdOf(string instance, Effect effect) => ModelWork.Of(instance, effect, FacultyMessages.All.Effects).Id;
        IdOf("kept-1", ModelTasks.Effect(1)).ShouldBe(IdOf("kept-1", ModelTasks.Effect(1)));
        IdOf("kept-1", ModelTasks.Effect(1)).ShouldNotBe(IdOf("kept-2", ModelTasks.Effect(1)));
        IdOf("kept-1", ModelTasks.Effect(1))
            .ShouldNotBe(IdOf("kept-1", ((AppraiseAnswer)ModelTasks.Effect(1)) with { Answer = "another" }), "of one key");
    }

    [Fact]
    public async Task It_says_whether_any_work_waits()
    {
        _effects.IsWaiting.ShouldBeFalse();
        var asked = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        _effects.IsWaiting.ShouldBeTrue();
        _region.Reply(new ModelWorkDone(Work().Id, ModelTasks.Answer(1)));
        await asked.WaitAsync(Systems.Patience);
        _effects.IsWaiting.ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_that_stops_waits_for_no_answer()
    {
        var asked = _effects.RunAsync("kept-1", ModelTasks.Effect(1));
        Work();
        await _stopping.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asked.WaitAsync(Systems.Patience));
        _time.Advance(TimeSpan.FromMinutes(1));
        _region.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public async Task An_effect_that_stays_is_run_here()
    {
        (await _effects.RunAsync("kept-1", new WriteBatch(1, [], 0, new Seed(1)))).ShouldBe(new EndRound(1));
        _region.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void All_work_of_an_instance_goes_to_one_worker()
    {
        var extractor = new ModelWorkExtractor();
        var workers = Enumerable
            .Range(1, 50)
            .Select(i => extractor.EntityId(new ModelWork($"id-{i}", $"kept-{i % 5}", ModelTasks.Effect(i))))
            .Distinct();
        workers.Count().ShouldBe(5);
    }

    private ModelWork Work() => _region.ExpectMsg<ModelWork>(Systems.Patience);

    private bool Passes(TimeSpan time)
    {
        if (_region.HasMessages)
            return true;
        _time.Advance(time);
        return false;
    }

    private sealed class Local : IEffectRunner
    {
        public Task<Command> RunAsync(string instance, Effect effect) => Task.FromResult<Command>(new EndRound(1));
    }
}
