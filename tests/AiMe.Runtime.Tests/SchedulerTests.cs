using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;

namespace AiMe.Runtime.Tests;

/// <summary>The whole host on a scheduler that belongs to a test. Nothing waits: were a single step to leave for the thread pool, the pump would stand still before the run's end.</summary>
public sealed class SchedulerTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(1)]
    public void Every_step_of_a_run_is_taken_on_the_hosts_scheduler(int mailboxes)
    {
        var here = new OneThread();
        var host = Hosted(here, new TestEffects { Before = (_, _, _) => Pass(here) }, new RuntimeOptions { MailboxCapacity = mailboxes });
        Complete(here.Pump(async () => await host.StartAsync()));
        host.Watcher.Ended.IsCompletedSuccessfully.ShouldBeTrue("the run has ended, or somebody left");
        here.Elsewhere.ShouldBe(0);
        here.Steps.ShouldBeGreaterThan(500);
        Complete(here.Pump(() => host.Runtime.StopAsync(CancellationToken.None)));
        Complete(here.Pump(async () => await host.DisposeAsync()));
        here.Elsewhere.ShouldBe(0);
    }

    [Fact] public void A_restart_and_a_parking_are_taken_there_too()
    {
        var here = new OneThread();
        var effects = new TestEffects { Before = (instance, effect, _) => instance == "kept-1" && effect is GenerateAnswer { Cycle: 2 } ? throw new InvalidOperationException("a bug") : Pass(here) };
        var host = Hosted(here, effects);
        Complete(here.Pump(async () => await host.StartAsync()));
        for (var pauses = 0; pauses < 10; pauses++)
            Complete(here.Pump(() => { host.Clock.EndPauses(); return Task.CompletedTask; }));
        host.Watcher.Restarts.Count.ShouldBe(5);
        host.Watcher.Ended.IsCompletedSuccessfully.ShouldBeTrue("the run has ended, or somebody left");
        host.Watcher.Events.Select(e => e.Happened).OfType<RunEnded>().Single().Parked.ShouldBe(2);
        Complete(here.Pump(async () => await host.DisposeAsync()));
        here.Elsewhere.ShouldBe(0);
    }

    [Fact] public void A_stop_in_a_hurry_and_what_it_cancels_are_taken_there_too()
    {
        var here = new OneThread();
        var effects = new TestEffects { Before = async (_, effect, cancellationToken) => { here.Check(); if (effect is GenerateAnswer { Cycle: 4 }) await Task.Delay(Timeout.Infinite, cancellationToken); } };
        var host = Hosted(here, effects);
        Complete(here.Pump(async () => await host.StartAsync()));
        host.Watcher.Ended.IsCompleted.ShouldBeFalse();
        Complete(here.Pump(() => host.Runtime.StopAsync(new CancellationToken(canceled: true))));
        Complete(here.Pump(async () => await host.DisposeAsync()));
        host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        here.Elsewhere.ShouldBe(0);
    }

    private static Host Hosted(OneThread here, TestEffects effects, RuntimeOptions? running = null)
    {
        var journal = new TestJournal { Before = async (_, _) => { await Pass(here); await Pass(here); } };
        journal.Read = row => { here.Check(); return row; };
        var host = new Host(journal, effects, clock: new ImpatientClock { EndsPauses = false }, with: o => o with { SnapshotEvery = 5 }, running: (running ?? new RuntimeOptions()) with { Scheduler = here, ModelScheduler = here });
        host.Watcher.Here = here.Check;
        return host;
    }

    // Gives way, as a store or a model does, and comes back on the same scheduler.
    private static async Task Pass(OneThread here)
    {
        here.Check();
        await Task.Yield();
        here.Check();
    }

    private static void Complete(Task task)
    {
        task.IsCompleted.ShouldBeTrue("it waits for something that is not on this thread");
        task.GetAwaiter().GetResult();
    }
}
