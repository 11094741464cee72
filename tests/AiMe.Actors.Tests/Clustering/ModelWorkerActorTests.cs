using System.Collections.Concurrent;
using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Journal;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>The worker that does the model work of one instance, asked by probes.</summary>
public sealed class ModelWorkerActorTests : TestKit
{
    private readonly ConcurrentQueue<string> _begun = [];
    private readonly HostLifecycle _lifecycle = new();
    private readonly IActorRef _worker;
    private Func<Effect, Task<Command>> _effects = effect => Task.FromResult(ModelTasks.Answer(((AppraiseAnswer)effect).Cycle));

    public ModelWorkerActorTests()
        : base(Systems.Silent)
    {
        var services = new InstanceServices(Systems.Options, new Effects(this), new Watcher(), TimeProvider.System, _lifecycle);
        _worker = Sys.ActorOf(
            Props.CreateBy(new Producer<ModelWorkerActor>(() => new ModelWorkerActor(services, FacultyMessages.All.Answers)))
        );
    }

    [Fact]
    public void Work_that_is_asked_for_again_is_answered_again_and_done_once()
    {
        Ask("id-1", 1);
        var first = ExpectMsg<ModelWorkDone>(Systems.Patience);
        Ask("id-1", 1);
        ExpectMsg<ModelWorkDone>(Systems.Patience).ShouldBe(first);
        (first.Id, _begun.Count).ShouldBe(("id-1", 1));
    }

    [Fact]
    public void Work_that_two_ask_for_while_it_is_under_way_is_done_once_and_answered_to_both()
    {
        var (done, other) = (new TaskCompletionSource<Command>(), CreateTestProbe());
        _effects = _ => done.Task;
        Ask("id-1", 1);
        _worker.Tell(ModelTasks.Work("id-1", 1), other);
        Settle();
        done.SetResult(ModelTasks.Answer(1));
        ModelTasks.BytesOf(ExpectMsg<ModelWorkDone>(Systems.Patience).Command).ShouldBe(ModelTasks.BytesOf(ModelTasks.Answer(1)));
        other.ExpectMsg<ModelWorkDone>(Systems.Patience);
        _begun.Count.ShouldBe(1);
    }

    [Fact]
    public void Work_of_one_key_that_says_something_else_is_done_too()
    {
        Ask("id-1", 1);
        Ask("id-2", 1);
        ((string[])[ExpectMsg<ModelWorkDone>(Systems.Patience).Id, ExpectMsg<ModelWorkDone>(Systems.Patience).Id]).ShouldBe(
            ["id-1", "id-2"],
            ignoreOrder: true
        );
        _begun.Count.ShouldBe(2);
    }

    [Fact]
    public void A_failure_is_told_with_type_and_message_and_the_work_is_tried_anew_when_it_is_asked_for_again()
    {
        _effects = _ => throw new InvalidOperationException("it cannot be");
        Ask("id-1", 1);
        ExpectMsg<ModelWorkFailed>(Systems.Patience).ShouldBe(new ModelWorkFailed("id-1", "InvalidOperationException", "it cannot be"));
        _effects = _ => Task.FromResult(ModelTasks.Answer(1));
        Ask("id-1", 1);
        ExpectMsg<ModelWorkDone>(Systems.Patience).Id.ShouldBe("id-1");
        _lifecycle.Failure.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Work_that_stays_owed_is_deferred_and_is_no_failure()
    {
        _effects = _ => throw new StaysOwedException("the budget is used up");
        Ask("id-1", 1);
        ExpectMsg<ModelWorkDeferred>(Systems.Patience).ShouldBe(new ModelWorkDeferred("id-1", "the budget is used up"));
        _lifecycle.Failure.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void An_answer_that_cannot_be_sent_is_a_failure()
    {
        _effects = _ => Task.FromResult<Command>(new TryAgain(1));
        Ask("id-1", 1);
        ExpectMsg<ModelWorkFailed>(Systems.Patience)
            .Message.ShouldBe("The command TryAgain answers c1 appraise 1, but is not among the answers that can be sent between nodes.");
    }

    [Fact]
    public async Task A_node_that_stops_declines_new_work_and_finishes_what_is_under_way()
    {
        var done = new TaskCompletionSource<Command>();
        _effects = _ => done.Task;
        Ask("id-1", 1);
        Settle();
        var idle = _lifecycle.BecomeIdleAsync(CancellationToken.None);
        Ask("id-2", 2);
        ExpectMsg<ModelWorkDeclined>(Systems.Patience).ShouldBe(new ModelWorkDeclined("id-2"));
        idle.IsCompleted.ShouldBeFalse();
        done.SetResult(ModelTasks.Answer(1));
        ExpectMsg<ModelWorkDone>(Systems.Patience).Id.ShouldBe("id-1");
        await idle.WaitAsync(Systems.Patience);
        _begun.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_is_cancelled_because_the_node_stops_at_once_is_declined()
    {
        var done = new TaskCompletionSource<Command>();
        _effects = _ => done.Task;
        Ask("id-1", 1);
        Settle();
        await _lifecycle.BecomeIdleAsync(new CancellationToken(canceled: true));
        done.SetCanceled(CancellationToken.None); // as effects do when they hear that it is over
        ExpectMsg<ModelWorkDeclined>(Systems.Patience).Id.ShouldBe("id-1");
    }

    [Fact]
    public async Task What_all_instances_need_ends_the_node_and_the_work_is_declined()
    {
        _effects = _ => throw new JournalException("the disk is full");
        Ask("id-1", 1);
        ExpectMsg<ModelWorkDeclined>(Systems.Patience).ShouldBe(new ModelWorkDeclined("id-1"));
        (await Should.ThrowAsync<JournalException>(() => _lifecycle.Failure.WaitAsync(Systems.Patience))).Message.ShouldBe(
            "the disk is full"
        );
        Ask("id-2", 2);
        ExpectMsg<ModelWorkDeclined>(Systems.Patience).Id.ShouldBe("id-2");
        _begun.Count.ShouldBe(1);
    }

    [Fact]
    public void The_last_64_answers_are_kept()
    {
        for (var i = 0; i <= 64; i++)
        {
            Ask($"id-{i}", i);
            ExpectMsg<ModelWorkDone>(Systems.Patience);
        }

        Ask("id-1", 1);
        ExpectMsg<ModelWorkDone>(Systems.Patience);
        _begun.Count.ShouldBe(65);
        Ask("id-0", 0);
        ExpectMsg<ModelWorkDone>(Systems.Patience);
        _begun.Count.ShouldBe(66);
    }

    [Fact]
    public async Task A_worker_that_is_to_stop_finishes_its_work_answers_and_begins_no_more()
    {
        var done = new TaskCompletionSource<Command>();
        _effects = _ => done.Task;
        Ask("id-1", 1);
        Settle();
        _lifecycle.IsIdle.ShouldBeFalse();
        await WatchAsync(_worker);
        _worker.Tell(FinishAndStop.Instance);
        Ask("id-2", 2);
        ExpectMsg<ModelWorkDeclined>(Systems.Patience).Id.ShouldBe("id-2");
        done.SetResult(ModelTasks.Answer(1));
        ExpectMsg<ModelWorkDone>(Systems.Patience).Id.ShouldBe("id-1");
        await ExpectTerminatedAsync(_worker, Systems.Patience);
        _lifecycle.IsIdle.ShouldBeTrue();
    }

    private void Ask(string id, int cycle) => _worker.Tell(ModelTasks.Work(id, cycle), TestActor);

    private void Settle()
    {
        var probe = CreateTestProbe();
        _worker.Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>(Systems.Patience);
    }

    private sealed class Effects(ModelWorkerActorTests test) : IEffectRunner
    {
        public async Task<Command> RunAsync(string instance, Effect effect)
        {
            test._begun.Enqueue(effect.Key);
            return await test._effects(effect);
        }
    }
}
