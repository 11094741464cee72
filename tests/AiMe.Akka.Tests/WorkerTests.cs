using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;

namespace AiMe.Akka.Tests;

/// <summary>A node with the role model, asked by probes.</summary>
public sealed class WorkerTests() : TestKit("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
{
    private readonly ConcurrentQueue<string> _begun = [];
    private Func<Effect, Task<Command>> _world = effect => Task.FromResult(Parts.Done(((AppraiseAnswer)effect).Cycle));

    [Fact]
    public void A_lost_answer_is_asked_for_again_and_the_work_is_done_once()
    {
        var (worker, _) = Worker();
        Ask(worker, "id-1", 1);
        var first = ExpectMsg<Answered>(Parts.Patience);
        worker.Tell(new AskedAgain("id-1"), TestActor);
        ExpectMsg<Answered>(Parts.Patience).ShouldBe(first);
        Ask(worker, "id-1", 1);
        ExpectMsg<Answered>(Parts.Patience).ShouldBe(first);
        (first.Id, _begun.Count).ShouldBe(("id-1", 1));
    }

    [Fact]
    public void What_is_asked_for_again_and_was_lost_on_the_way_here_is_to_be_told_again()
    {
        var (worker, _) = Worker();
        worker.Tell(new AskedAgain("id-1"), TestActor);
        ExpectMsg<Unknown>(Parts.Patience).ShouldBe(new Unknown("id-1"));
        _begun.ShouldBeEmpty();
    }

    [Fact]
    public void What_two_ask_for_while_it_is_under_way_is_done_once_and_answered_to_both()
    {
        var (done, other) = (new TaskCompletionSource<Command>(), CreateTestProbe());
        _world = _ => done.Task;
        var (worker, _) = Worker();
        Ask(worker, "id-1", 1);
        worker.Tell(new Asked("id-1", "kept-1", Parts.Work(1)), other);
        worker.Tell(new AskedAgain("id-1"), TestActor);
        AwaitCondition(() => _begun.Count == 1, Parts.Patience);
        done.SetResult(Parts.Done(1));
        ExpectMsg<Answered>(Parts.Patience).Command.ShouldBe(Parts.Done(1), new SameJson());
        other.ExpectMsg<Answered>(Parts.Patience);
        _begun.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_of_one_key_but_says_something_else_is_done_too()
    {
        var (worker, _) = Worker();
        Ask(worker, "id-1", 1);
        Ask(worker, "id-2", 1);
        ((string[])[ExpectMsg<Answered>(Parts.Patience).Id, ExpectMsg<Answered>(Parts.Patience).Id]).ShouldBe(["id-1", "id-2"], ignoreOrder: true);
        _begun.Count.ShouldBe(2);
    }

    [Fact]
    public void A_failure_is_told_with_type_and_message_and_tried_anew_when_it_is_asked_again()
    {
        _world = _ => throw new InvalidOperationException("it cannot be");
        var (worker, node) = Worker();
        Ask(worker, "id-1", 1);
        ExpectMsg<FailedThere>(Parts.Patience).ShouldBe(new FailedThere("id-1", "InvalidOperationException", "it cannot be"));
        _world = _ => Task.FromResult(Parts.Done(1));
        Ask(worker, "id-1", 1);
        ExpectMsg<Answered>(Parts.Patience).Id.ShouldBe("id-1");
        node.Failure.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void What_stays_owed_here_stays_owed_there_and_is_no_failure()
    {
        _world = _ => throw new StaysOwedException("the budget is used up");
        var (worker, node) = Worker();
        Ask(worker, "id-1", 1);
        ExpectMsg<LeftThere>(Parts.Patience).ShouldBe(new LeftThere("id-1", "the budget is used up"));
        node.Failure.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void An_answer_that_cannot_be_sent_is_a_failure()
    {
        _world = _ => Task.FromResult<Command>(new TryAgain(1));
        var (worker, _) = Worker();
        Ask(worker, "id-1", 1);
        ExpectMsg<FailedThere>(Parts.Patience).Message.ShouldBe("The command TryAgain answers c1 appraise 1, but is not among the answers that go from node to node.");
    }

    [Fact]
    public async Task A_node_that_is_to_end_takes_nothing_new_and_finishes_what_it_has_under_way()
    {
        var done = new TaskCompletionSource<Command>();
        _world = _ => done.Task;
        var (worker, node) = Worker();
        Ask(worker, "id-1", 1);
        AwaitCondition(() => _begun.Count == 1, Parts.Patience);
        var calm = node.CalmAsync(CancellationToken.None);
        Ask(worker, "id-2", 2);
        ExpectMsg<Declined>(Parts.Patience).ShouldBe(new Declined("id-2", "here"));
        worker.Tell(new AskedAgain("id-3"), TestActor);
        ExpectMsg<Declined>(Parts.Patience).Id.ShouldBe("id-3");
        calm.IsCompleted.ShouldBeFalse();
        done.SetResult(Parts.Done(1));
        ExpectMsg<Answered>(Parts.Patience).Id.ShouldBe("id-1");
        await calm.WaitAsync(Parts.Patience);
        _begun.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_broken_off_because_the_node_ends_at_once_is_for_another_node_and_no_failure()
    {
        var done = new TaskCompletionSource<Command>();
        _world = _ => done.Task;
        var (worker, node) = Worker();
        Ask(worker, "id-1", 1);
        AwaitCondition(() => _begun.Count == 1, Parts.Patience);
        await node.CalmAsync(new CancellationToken(canceled: true));
        done.SetCanceled(CancellationToken.None); // as the world does when it hears that it is over
        ExpectMsg<Declined>(Parts.Patience).Id.ShouldBe("id-1");
    }

    [Fact]
    public async Task What_all_lives_need_ends_the_node_and_another_is_to_be_asked()
    {
        _world = _ => throw new JournalException("the disk is full");
        var (worker, node) = Worker();
        Ask(worker, "id-1", 1);
        ExpectMsg<Declined>(Parts.Patience).ShouldBe(new Declined("id-1", "here"));
        (await Should.ThrowAsync<JournalException>(() => node.Failure.WaitAsync(Parts.Patience))).Message.ShouldBe("the disk is full");
        Ask(worker, "id-2", 2);
        ExpectMsg<Declined>(Parts.Patience).Id.ShouldBe("id-2");
        _begun.Count.ShouldBe(1);
    }

    [Fact]
    public void The_oldest_answers_are_forgotten()
    {
        var (worker, _) = Worker();
        for (var i = 0; i <= 2048; i++)
        {
            Ask(worker, $"id-{i}", i);
            ExpectMsg<Answered>(Parts.Patience);
        }

        Ask(worker, "id-1", 1);
        ExpectMsg<Answered>(Parts.Patience);
        _begun.Count.ShouldBe(2049);
        Ask(worker, "id-0", 0);
        ExpectMsg<Answered>(Parts.Patience);
        _begun.Count.ShouldBe(2050);
    }

    private (IActorRef Worker, Node Node) Worker()
    {
        var node = Parts.Node((_, effect) =>
        {
            _begun.Enqueue(effect.Key);
            return _world(effect);
        });
        return (Sys.ActorOf(Props.Create(() => new Worker(node, "here", MindWire.All.Answers))), node);
    }

    private void Ask(IActorRef worker, string id, int cycle) => worker.Tell(new Asked(id, "kept-1", Parts.Work(cycle)), TestActor);

    private sealed class SameJson : IEqualityComparer<Command>
    {
        public bool Equals(Command? x, Command? y) => MindWire.All.Answers.Write(x!).AsSpan().SequenceEqual(MindWire.All.Answers.Write(y!));

        public int GetHashCode(Command obj) => 0;
    }
}
