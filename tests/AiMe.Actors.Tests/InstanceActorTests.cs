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
using Akka.Event;

namespace AiMe.Actors.Tests;

/// <summary>How an instance gives turns and starts effects.</summary>
public sealed class InstanceActorTests : InstanceKit
{
    [Fact]
    public void An_instance_is_born_and_tells_its_supervisor_with_its_name_and_its_heads()
    {
        Begin(Instance());
        var born = Closed(0);
        (born.Instance, born.Heads.Links.Length).ShouldBe(("kept-1", 5));
        Watcher.Events.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_command_that_comes_again_gives_no_event_and_the_same_reply()
    {
        var instance = Instance();
        Begin(instance);
        var (first, events) = (Closed(0), Watcher.Events.Count);
        Begin(instance);
        Closed(0).ShouldBe(first);
        Watcher.Events.Count.ShouldBe(events);
    }

    [Fact]
    public async Task The_next_actor_of_an_instance_recovers_it_and_what_arrives_meanwhile_waits()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await StopAsync(instance);
        var reading = new TaskCompletionSource();
        Journal.Read = row =>
        {
            reading.Task.Wait(Systems.Patience);
            return row;
        };
        Live(Instance(), 1);
        reading.SetResult();
        Closed(1);
    }

    [Fact]
    public async Task The_events_of_an_instance_have_one_order()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        for (var cycle = 1; cycle <= 4; cycle++)
        {
            Live(instance, cycle);
            Begin(instance); // a repeated command among them
            Closed(cycle);
        }

        var indices = await Journal.IndicesAsync("kept-1");
        indices.ShouldBe(Enumerable.Range(1, indices.Length).Select(i => (long)i));
    }

    [Fact]
    public void A_turn_is_never_given_twice()
    {
        var decided = new ConcurrentQueue<string>();
        var instance = Instance();
        Begin(instance);
        Closed(0);
        var written = Hold();
        Deciding = (faculty, _) => decided.Enqueue(faculty);
        Live(instance, 1);
        AwaitCondition(() => !decided.IsEmpty, Systems.Patience, Systems.Often);
        foreach (var faculty in Loop.Faculties) // each would like to decide, and repeats what it was told
            instance.Tell(
                new CommandEnvelope(new FacultyAddress("kept-1", faculty.Name), faculty.Name == Loop.Self ? BirthOf() : new TryAgain(7))
            );
        Live(instance, 1);
        Settle(instance);
        decided.ToArray().ShouldBe([Loop.Self], "the turn is with the Self until its events are durable");
        written.SetResult();
        Closed(1);
    }

    [Fact]
    public void An_effect_is_begun_once_the_events_that_owe_it_are_durable()
    {
        var (instance, begun) = (Instance(), new ConcurrentQueue<string>());
        Begin(instance);
        Closed(0);
        var written = Hold();
        Effects = effect =>
        {
            begun.Enqueue(effect.Key);
            return Task.FromResult(Script.Answer("kept-1", effect));
        };
        var appends = Journal.Appends.Count;
        Live(instance, 1);
        AwaitCondition(() => Journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        Settle(instance);
        begun.ShouldBeEmpty();
        written.SetResult();
        Closed(1);
        begun.ToArray().ShouldContain("c1 answer 1");
    }

    [Fact]
    public void A_message_that_no_instance_takes_is_unhandled()
    {
        var (instance, unhandled) = (Instance(), Unhandled());
        foreach (var strange in (object[])["a word", new CommandEnvelope(new FacultyAddress("kept-1", "conscience"), new TryAgain(1))])
        {
            instance.Tell(strange);
            unhandled.ExpectMsg<UnhandledMessage>(Systems.Patience).Message.ShouldBe(strange);
        }
    }
}
