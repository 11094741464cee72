using System.Collections.Concurrent;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Journal;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AiMe.Actors.Tests;

/// <summary>How an instance leaves memory, and how it stops with its host.</summary>
public sealed class InstanceLeavingTests : InstanceKit
{
    [Fact]
    public void An_instance_at_rest_asks_its_parent_to_let_it_leave_memory()
    {
        Begin(Instance(Restless));
        Closed(0);
        Parent.ExpectMsg<Passivate>(Systems.Patience).StopMessage.ShouldBe(FinishAndStop.Instance);
    }

    [Fact]
    public async Task What_arrives_while_an_instance_leaves_memory_is_returned_to_its_parent()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        var (written, appends) = (Hold(), Journal.Appends.Count);
        Live(instance, 1);
        AwaitCondition(() => Journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Self), new TryAgain(1)));
        Settle(instance);
        Parent.HasMessages.ShouldBeFalse("it first finishes what it writes");
        written.SetResult();
        Parent.ExpectMsg<CommandEnvelope>(Systems.Patience).Command.ShouldBeOfType<Live>("what it had in hand is decided again");
        Parent.ExpectMsg<CommandEnvelope>(Systems.Patience).Command.ShouldBe(new TryAgain(1));
        await ExpectTerminatedAsync(instance, Systems.Patience);
    }

    [Fact]
    public async Task What_arrives_once_an_instance_has_asked_to_leave_memory_is_not_begun_but_returned()
    {
        var decided = new ConcurrentQueue<string>();
        var instance = Instance(Restless);
        Begin(instance);
        Closed(0);
        Parent.ExpectMsg<Passivate>(Systems.Patience);
        Deciding = (faculty, _) => decided.Enqueue(faculty);
        await WatchAsync(instance);
        Live(instance, 1); // it was on its way: an effect of it would stay owed, and nobody would wake the instance for that
        Settle(instance);
        Lifecycle.IsIdle.ShouldBeFalse("it has something to do");
        instance.Tell(FinishAndStop.Instance);
        Parent.ExpectMsg<CommandEnvelope>(Systems.Patience).Command.ShouldBeOfType<Live>();
        await ExpectTerminatedAsync(instance, Systems.Patience);
        decided.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parked_instance_does_not_ask_to_be_brought_back()
    {
        Effects = FailsAt("c1 answer 1", new InvalidOperationException("it cannot be"));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        Parked();
        Parent.ExpectMsg<Passivate>(Systems.Patience);
        await StopAsync(instance);
        Parent.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_resumes_while_an_instance_stops()
    {
        var (instance, decided) = (Instance(), new ConcurrentQueue<string>());
        var answer = new TaskCompletionSource<Command>();
        Effect? asked = null;
        Begin(instance);
        Closed(0);
        Effects = effect =>
        {
            if (effect.Key != "c1 answer 1")
                return Task.FromResult(Script.Answer("kept-1", effect));
            asked = effect;
            return answer.Task;
        };
        Live(instance, 1);
        AwaitCondition(() => asked is not null, Systems.Patience, Systems.Often);
        var (written, appends) = (Hold(), Journal.Appends.Count);
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Curator), new ChangeCurator([new KeepNone()], new Seed(3)))); // something to write
        AwaitCondition(() => Journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        Deciding = (faculty, command) => decided.Enqueue($"{faculty} {command.GetType().Name}");
        answer.SetResult(Script.Answer("kept-1", asked!)); // the result of an effect
        Begin(instance); // and a command
        Settle(instance);
        written.SetResult();
        await ExpectTerminatedAsync(instance, Systems.Patience);
        decided.ShouldBeEmpty();
    }

    [Fact]
    public async Task On_a_host_that_stops_no_effect_is_begun()
    {
        var begun = new ConcurrentQueue<string>();
        Effects = effect =>
        {
            begun.Enqueue(effect.Key);
            return Task.FromResult(Script.Answer("kept-1", effect));
        };
        var instance = Instance();
        Begin(instance);
        Closed(0);
        var before = begun.Count;
        await Lifecycle.BecomeIdleAsync(CancellationToken.None);
        Live(instance, 1);
        AwaitCondition(() => Watcher.Events.Any(e => e is Prompted { Cycle: 1 } or Heard { Cycle: 1 }), Systems.Patience, Systems.Often);
        Settle(instance);
        begun.Count.ShouldBe(before);
    }
}
