using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Akka.Tests;

/// <summary>A node without the role model, among nodes that are probes. Time passes when a test says so.</summary>
public sealed class AskerTests : TestKit
{
    private static readonly string[] s_instances = [.. Enumerable.Range(1, 20).Select(i => $"kept-{i}")];

    private readonly Asking _asking = new(MindWire.All.Effects);
    private readonly Node _node;
    private readonly TestProbe _a, _b;

    public AskerTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\", akka.loglevel = WARNING, akka.stdout-loglevel = OFF, akka.loggers = [\"Akka.TestKit.TestEventListener, Akka.TestKit\"]")
    {
        _node = Parts.Node(elsewhere: _asking);
        _node.Log = Logging.GetLogger(Sys, "aime");
        _asking.Asker = Sys.ActorOf(Props.Create(() => new Asker(_node)));
        (_a, _b) = (CreateTestProbe(), CreateTestProbe());
    }

    [Fact]
    public async Task What_is_asked_of_a_node_comes_back_as_if_it_had_been_done_here()
    {
        There("a", _a);
        var asked = _node.RunAsync("kept-1", Parts.Work(1));
        var question = Question(_a);
        (question.Instance, question.Effect).ShouldBe(("kept-1", Parts.Work(1)));
        _a.Reply(new Answered(question.Id, Parts.Done(1)));
        (await asked.WaitAsync(Parts.Patience)).ShouldBeOfType<AnswerGenerated>().Cycle.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_there_is_a_failure_here_and_says_the_same()
    {
        There("a", _a);
        var asked = _node.RunAsync("kept-1", Parts.Work(1));
        _a.Reply(new FailedThere(Question(_a).Id, "InvalidOperationException", "it cannot be"));
        var failure = await Should.ThrowAsync<FailedElsewhereException>(() => asked.WaitAsync(Parts.Patience));
        FailedElsewhereException.Tell(failure).ShouldBe(FailedElsewhereException.Tell(new InvalidOperationException("it cannot be")));
    }

    [Fact]
    public async Task What_stays_owed_there_stays_owed_here()
    {
        There("a", _a);
        var asked = _node.RunAsync("kept-1", Parts.Work(1));
        _a.Reply(new LeftThere(Question(_a).Id, "the budget is used up"));
        (await Should.ThrowAsync<StaysOwedException>(() => asked.WaitAsync(Parts.Patience))).Message.ShouldBe("the budget is used up");
    }

    [Fact]
    public void An_instance_is_always_asked_for_at_the_same_node_and_instances_are_spread()
    {
        There("a", _a);
        There("b", _b);
        foreach (var (instance, cycle) in s_instances.SelectMany(i => (int[])[1, 2], (i, c) => (i, c)))
            _ = _node.RunAsync(instance, Parts.Work(cycle));
        var (byA, byB) = (Instances(_a), Instances(_b));
        byA.Intersect(byB).ShouldBeEmpty();
        byA.Concat(byB).Order(StringComparer.Ordinal).ShouldBe(s_instances.Concat(s_instances).Order(StringComparer.Ordinal));
        (byA.Length, byB.Length).ShouldBe((24, 16), "by the names alone");
    }

    [Fact]
    public void What_is_not_answered_is_asked_for_again_after_three_seconds_and_then_after_twice_as_long_each_time()
    {
        There("a", _a);
        _ = _node.RunAsync("kept-1", Parts.Work(1));
        var question = Question(_a);
        foreach (var wait in (int[])[3, 6, 12, 24, 48, 60, 60])
        {
            Pass(wait - 1);
            NothingMore(_a);
            Pass(1);
            _a.ExpectMsg<AskedAgain>(Parts.Patience).Id.ShouldBe(question.Id);
        }
    }

    [Fact]
    public void A_node_that_does_not_know_the_question_is_told_it_again()
    {
        There("a", _a);
        _ = _node.RunAsync("kept-1", Parts.Work(1));
        var question = Question(_a);
        Pass(3);
        _a.ExpectMsg<AskedAgain>(Parts.Patience);
        _a.Reply(new Unknown(question.Id));
        Question(_a).ShouldBe(question);
        _a.Reply(new Unknown("another"));
        NothingMore(_a);
    }

    [Fact]
    public void What_is_asked_for_again_is_asked_for_at_the_node_that_may_have_it_in_hand()
    {
        There("a", _a);
        foreach (var instance in s_instances)
            _ = _node.RunAsync(instance, Parts.Work(1));
        Instances(_a).Length.ShouldBe(20);
        There("b", _b);
        Pass(3);
        Settle();
        for (var i = 0; i < s_instances.Length; i++)
            _a.ExpectMsg<AskedAgain>(Parts.Patience);
        NothingMore(_a);
        NothingMore(_b);
    }

    [Fact]
    public void Another_node_is_asked_at_once_when_one_is_there_no_longer()
    {
        There("a", _a);
        There("b", _b);
        foreach (var instance in s_instances)
            _ = _node.RunAsync(instance, Parts.Work(1));
        var (byA, byB) = (Instances(_a), Instances(_b));
        _asking.Asker.Tell(new NodeGone("a"));
        Instances(_b).ShouldBe(byA, ignoreOrder: true);
        byB.Length.ShouldBe(20 - byA.Length);
        NothingMore(_a);
    }

    [Fact]
    public void A_node_that_declines_is_asked_nothing_more()
    {
        There("a", _a);
        There("b", _b);
        foreach (var instance in s_instances)
            _ = _node.RunAsync(instance, Parts.Work(1));
        var byA = Instances(_a);
        Instances(_b);
        _a.Reply(new Declined("any", "a"));
        Instances(_b).ShouldBe(byA, ignoreOrder: true);
        foreach (var instance in s_instances)
            _ = _node.RunAsync(instance, Parts.Work(2));
        Instances(_b).Length.ShouldBe(20);
    }

    [Fact]
    public async Task What_is_asked_twice_while_it_is_open_is_one_question_with_two_who_wait()
    {
        There("a", _a);
        var (one, other) = (_node.RunAsync("kept-1", Parts.Work(1)), _node.RunAsync("kept-1", Parts.Work(1)));
        var question = Question(_a);
        _ = _node.RunAsync("kept-2", Parts.Work(1)); // sent behind both
        Question(_a).Instance.ShouldBe("kept-2");
        _a.Send(_asking.Asker, new Answered(question.Id, Parts.Done(1)));
        await Task.WhenAll(one, other).WaitAsync(Parts.Patience);
    }

    [Fact]
    public void Without_a_node_questions_wait_and_the_log_says_once_what_is_missing()
    {
        var log = CreateTestProbe();
        Sys.EventStream.Subscribe(log, typeof(Warning));
        _ = _node.RunAsync("kept-1", Parts.Work(1));
        Pass(30);
        There("a", _a);
        Question(_a);
        log.ExpectMsg<Warning>().Message.ToString()!.ShouldBe("model work waits (1 pieces): there is no node with the role model that could be asked; start one with --role model");
        NothingMore(log);
    }

    [Fact]
    public async Task A_node_that_is_to_end_waits_for_no_answer()
    {
        There("a", _a);
        var asked = _node.RunAsync("kept-1", Parts.Work(1));
        Question(_a);
        await _node.CalmAsync(CancellationToken.None).WaitAsync(Parts.Patience);
        await Should.ThrowAsync<OperationCanceledException>(() => asked.WaitAsync(Parts.Patience));
        Pass(3);
        NothingMore(_a);
    }

    [Fact]
    public async Task What_stays_is_done_here()
    {
        var node = Parts.Node((_, _) => Task.FromResult<Command>(new EndRound(1)), _asking);
        (await node.RunAsync("kept-1", new WriteBatch(1, [], 0, new Seed(1)))).ShouldBe(new EndRound(1));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _node.Dispose();
    }

    private void There(string name, TestProbe node) => _asking.Asker.Tell(new NodeThere(name, node));

    private void Pass(int seconds)
    {
        Settle(); // before it has begun, no time passes for it
        for (var i = 0; i < seconds; i++)
            ((TestScheduler)Sys.Scheduler).Advance(Asker.Beat);
    }

    private static Asked Question(TestProbe node) => node.ExpectMsg<Asked>(Parts.Patience);

    // All that it was asked so far.
    private string[] Instances(TestProbe node)
    {
        Settle();
        List<string> asked = [];
        while (node.HasMessages)
            asked.Add(node.ExpectMsg<Asked>().Instance);
        return [.. asked];
    }

    private void NothingMore(TestProbe node)
    {
        Settle();
        node.HasMessages.ShouldBeFalse();
    }

    // The asker has taken all that was told to it when it has answered this; and what it told to a probe before is in the probe's mailbox.
    private void Settle()
    {
        var there = CreateTestProbe();
        _asking.Asker.Tell(new Identify(1), there);
        there.ExpectMsg<ActorIdentity>(Parts.Patience);
        foreach (var probe in (TestProbe[])[_a, _b])
        {
            probe.Ref.Tell(new Identify(2), there);
            there.ExpectMsg<ActorIdentity>(Parts.Patience);
        }
    }
}
