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

/// <summary>How an instance fails: it recovers, it is parked, or its host ends.</summary>
public sealed class InstanceFailureTests : InstanceKit
{
    [Fact]
    public void An_instance_that_keeps_failing_pauses_twice_as_long_each_time_and_is_then_parked()
    {
        Effects = FailsAt("c1 answer 1", new InvalidOperationException("it cannot be"));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        var parked = Parked();
        (parked.Instance, parked.Reason).ShouldBe(("kept-1", "InvalidOperationException: it cannot be"));
        Watcher.Restarts.ShouldBe([(1, 10), (2, 20), (3, 25)]);
        Parent.ExpectMsg<Passivate>(Systems.Patience);
    }

    [Fact]
    public void Failures_count_anew_once_there_is_an_event()
    {
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        Effects = effect =>
            asked.AddOrUpdate(effect.Key, 1, (_, n) => n + 1) <= 2 && effect is GenerateAnswer
                ? Task.FromException<Command>(new InvalidOperationException("twice each"))
                : Task.FromResult(Script.Answer("kept-1", effect));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        Closed(1);
        Live(instance, 2);
        Closed(2);
        Watcher.Restarts.ShouldBe([(1, 10), (2, 20), (1, 10), (2, 20)]);
    }

    [Fact]
    public async Task A_damaged_row_parks_at_once()
    {
        Journal.Read = row =>
            row.PersistenceId.Value.EndsWith("/memory", StringComparison.Ordinal) ? row with { Manifest = "memory.stored@99" } : row;
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await StopAsync(instance);
        Live(Instance(), 1);
        Parked().Reason.ShouldStartWith("CorruptJournalException: journal row ");
        Watcher.Restarts.ShouldBeEmpty();
        Parent.ExpectMsg<Passivate>(Systems.Patience);
    }

    [Fact]
    public async Task A_write_that_fails_while_an_instance_stops_ends_the_host_and_restarts_nothing()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        var (written, appends) = (Hold(), Journal.Appends.Count);
        Live(instance, 1);
        AwaitCondition(() => Journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        Settle(instance);
        written.SetException(new JournalException("the disk is full"));
        (await Should.ThrowAsync<JournalException>(() => Lifecycle.Failure.WaitAsync(Systems.Patience))).Message.ShouldBe(
            "the disk is full"
        );
        await ExpectTerminatedAsync(instance, Systems.Patience);
        Watcher.Restarts.ShouldBeEmpty();
        Supervisor.HasMessages.ShouldBeFalse("it is not parked");
    }

    [Fact]
    public async Task A_host_that_stops_does_not_wait_for_an_instance_that_pauses_and_the_instance_stops_at_once()
    {
        Effects = FailsAt("c1 answer 1", new InvalidOperationException("a bug"));
        var instance = Instance(Systems.Options with { BackOff = TimeSpan.FromMinutes(1), BackOffAtMost = TimeSpan.FromMinutes(1) });
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        Live(instance, 1);
        AwaitCondition(() => !Watcher.Restarts.IsEmpty, Systems.Patience, Systems.Often);
        await Lifecycle.BecomeIdleAsync(CancellationToken.None).WaitAsync(Systems.Patience);
        instance.Tell(FinishAndStop.Instance);
        await ExpectTerminatedAsync(instance, Systems.Patience);
        Watcher.Restarts.Count.ShouldBe(1);
        Supervisor.HasMessages.ShouldBeFalse("it is not parked");
    }

    [Fact]
    public async Task A_bug_in_folding_an_event_at_recovery_parks_the_instance_after_the_last_restart()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await StopAsync(instance);
        Evolving = faculty =>
        {
            if (faculty == Loop.Memory)
                throw new InvalidOperationException("it cannot be folded");
        };
        Live(Instance(), 1);
        Parked().Reason.ShouldBe("InvalidOperationException: it cannot be folded");
        Watcher.Restarts.ShouldBe([(1, 10), (2, 20), (3, 25)]);
        Parent.ExpectMsg<Passivate>(Systems.Patience);
    }

    [Fact]
    public async Task A_bug_of_the_instance_itself_ends_the_host_because_a_write_may_be_in_flight()
    {
        Effects = FailsAt("c1 answer 1", new InvalidOperationException("it cannot be"));
        Watcher.Noticing = () => throw new InvalidOperationException("an observer must not throw");
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        (await Should.ThrowAsync<InvalidOperationException>(() => Lifecycle.Failure.WaitAsync(Systems.Patience))).Message.ShouldBe(
            "The actor of instance kept-1 failed: an observer must not throw"
        );
        Lifecycle.IsStopping.ShouldBeTrue();
        Supervisor.HasMessages.ShouldBeFalse("it is not parked");
    }

    public static TheoryData<Exception> Ends { get; } =
    [
        new SecondWriterException("another process writes"),
        new JournalException("the disk is full"),
        new CorruptBlobException("the blob is damaged"),
        new OutOfMemoryException(),
    ];

    [Theory, MemberData(nameof(Ends))]
    public async Task What_all_instances_need_ends_the_host_at_once_without_a_retry(Exception failure)
    {
        Effects = FailsAt("c1 answer 1", failure);
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        Live(instance, 1);
        (await Should.ThrowAsync<Exception>(() => Lifecycle.Failure.WaitAsync(Systems.Patience))).ShouldBe(failure);
        await ExpectTerminatedAsync(instance, Systems.Patience);
        Watcher.Restarts.ShouldBeEmpty();
        Parent.HasMessages.ShouldBeFalse("nobody brings it back");
    }

    [Fact]
    public async Task A_second_writer_ends_the_host_at_once_without_a_retry()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        Journal.Before = (_, _) => Task.FromException(new SecondWriterException("sequence number 7 is taken"));
        var appends = Journal.Appends.Count;
        Live(instance, 1);
        (await Should.ThrowAsync<SecondWriterException>(() => Lifecycle.Failure.WaitAsync(Systems.Patience))).Message.ShouldBe(
            "sequence number 7 is taken"
        );
        await ExpectTerminatedAsync(instance, Systems.Patience);
        (Journal.Appends.Count - appends, Watcher.Restarts.Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_failure_on_a_host_that_stops_is_left_to_the_next_host()
    {
        var (asked, failed) = (new TaskCompletionSource(), new TaskCompletionSource<Command>());
        Effects = effect =>
        {
            if (effect.Key != "c1 answer 1")
                return Task.FromResult(Script.Answer("kept-1", effect));
            asked.TrySetResult();
            return failed.Task;
        };
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        Live(instance, 1);
        Settle(instance);
        await asked.Task.WaitAsync(Systems.Patience); // an effect that had not begun would not begin on a host that stops
        var idle = Lifecycle.BecomeIdleAsync(CancellationToken.None);
        failed.SetException(new InvalidOperationException("a bug"));
        await ExpectTerminatedAsync(instance, Systems.Patience);
        await idle.WaitAsync(Systems.Patience);
        Watcher.Restarts.ShouldBeEmpty();
        Supervisor.HasMessages.ShouldBeFalse("it is not parked");
    }

    [Fact]
    public async Task An_effect_that_stays_owed_is_no_failure_and_is_begun_again_when_the_instance_is_recovered()
    {
        var asked = 0;
        Effects = effect =>
            effect.Key == "c1 answer 1" && Interlocked.Increment(ref asked) == 1
                ? Task.FromException<Command>(new StaysOwedException("the budget is used up"))
                : Task.FromResult(Script.Answer("kept-1", effect));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        AwaitCondition(() => Volatile.Read(ref asked) == 1 && Lifecycle.IsIdle, Systems.Patience, Systems.Often);
        Watcher.Restarts.ShouldBeEmpty();
        await StopAsync(instance);
        Begin(Instance());
        Closed(1);
        asked.ShouldBe(2);
    }

    [Fact]
    public void A_result_of_an_earlier_incarnation_is_dropped()
    {
        var answers = new ConcurrentQueue<TaskCompletionSource<Command>>();
        Effect? asked = null;
        Effects = effect =>
        {
            if (effect.Key != "c1 answer 1")
                return Task.FromResult(Script.Answer("kept-1", effect));
            asked = effect;
            answers.Enqueue(new TaskCompletionSource<Command>());
            return answers.Last().Task;
        };
        var (instance, unhandled) = (Instance(), Unhandled());
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        AwaitCondition(() => answers.Count == 1, Systems.Patience, Systems.Often);
        var bugs = 0;
        Deciding = (_, command) =>
        {
            if (command is TryAgain && Interlocked.Increment(ref bugs) == 1)
                throw new InvalidOperationException("a bug");
        };
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Trainer), new TryAgain(1)));
        AwaitCondition(() => answers.Count == 2, Systems.Patience, Systems.Often);
        var said = Script.Answer("kept-1", asked!);
        answers.First().SetResult(new AnswerFailed(1, 1, "of the earlier incarnation"));
        Settle(instance);
        answers.Last().SetResult(said);
        Closed(1);
        Watcher.Events.ShouldNotContain(e => e is GenerationFailed);
        unhandled.HasMessages.ShouldBeFalse("it is no stranger");
    }
}
