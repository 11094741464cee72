using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;

namespace AiMe.Runtime.Tests;

public sealed class LifeTests
{
    private static readonly System.Collections.Immutable.ImmutableArray<string> Expected = new SimulatedRun(Plans.TwoVariants()).RunToEnd().Journal;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_same_life_at_any_parallelism_and_the_same_as_on_a_simulated_machine(int parallel)
    {
        var journal = new TestJournal();
        await using var host = await new Host(journal, with: o => o with { Parallel = parallel }).StartAsync();
        await host.EndAsync();
        Same(await journal.LinesAsync());
        host.Watcher.Refusals.ShouldBeEmpty();
    }

    [Fact] public async Task Effects_run_only_when_the_events_that_owe_them_are_durable()
    {
        var (durable, early) = (new System.Collections.Concurrent.ConcurrentDictionary<string, bool>(), new System.Collections.Concurrent.ConcurrentQueue<string>());
        var journal = new TestJournal { Before = async (_, _) => { for (var i = 0; i < 20; i++) await Task.Yield(); } };
        var effects = new TestEffects();
        await using var host = new Host(journal, effects);
        effects.Before = async (instance, effect, _) =>
        {
            var owing = effect switch { GenerateAnswer { Attempt: 1 } e => ("self", "self.prompted@1", $"\"cycle\":{e.Cycle},"), TrainModel e => ("trainer", "trainer.planned@1", $"\"round\":{e.Plan.Round},"), _ => default };
            if (owing.Item1 is null)
                return;
            await foreach (var row in journal.ReadAsync(new PersistenceId($"test/{instance}/{owing.Item1}"), 1, long.MaxValue, default))
                durable[effect.Key + instance] = row.Manifest == owing.Item2 && System.Text.Encoding.UTF8.GetString(row.Message.Span).Contains(owing.Item3) || durable.GetValueOrDefault(effect.Key + instance);
            if (!durable.GetValueOrDefault(effect.Key + instance))
                early.Enqueue($"{instance} {effect.Key}");
        };
        await host.StartAsync();
        await host.EndAsync();
        early.ShouldBeEmpty();
        durable.Count.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(90)]
    public async Task Killed_after_any_effect_and_started_again_it_lives_the_same_life(int effects)
    {
        var journal = new TestJournal();
        for (var incarnation = 0; ; incarnation++)
        {
            incarnation.ShouldBeLessThan(400);
            var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var left = effects + incarnation; // ever a little further
            var world = new TestEffects
            {
                Before = async (_, _, cancellationToken) =>
                {
                    if (Interlocked.Decrement(ref left) >= 0)
                        return;
                    killed.TrySetResult();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                },
            };
            await using var host = await new Host(journal, world).StartAsync();
            await Task.WhenAny(host.Watcher.Ended, killed.Task, host.Runtime.Failure).WaitAsync(Host.Patience);
            if (host.Watcher.Ended.IsCompleted)
                break;
            host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        }

        Same(await journal.LinesAsync());
    }

    [Fact] public async Task An_instance_that_fails_twice_restarts_from_its_journal_and_lives_the_same_life()
    {
        var failures = 0;
        var effects = new TestEffects { Before = (instance, effect, _) => instance == "kept-1" && effect.Key == "c4 reflect 1" && Interlocked.Increment(ref failures) <= 2 ? throw new InvalidOperationException("a bug") : Task.CompletedTask };
        var journal = new TestJournal();
        await using var host = await new Host(journal, effects).StartAsync();
        await host.EndAsync();
        Same(await journal.LinesAsync());
        host.Watcher.Restarts.Select(r => (r.Instance, r.Attempt)).ShouldBe([("kept-1", 1), ("kept-1", 2)]);
    }

    [Fact] public async Task What_keeps_failing_is_parked_after_pauses_that_double_and_the_others_go_on()
    {
        var effects = new TestEffects { Before = (instance, effect, _) => instance == "kept-1" && effect is GenerateAnswer { Cycle: 2 } ? throw new InvalidOperationException("a bug") : Task.CompletedTask };
        await using var host = await new Host(new TestJournal(), effects, with: o => o with { BackOffAtMost = TimeSpan.FromSeconds(1) }).StartAsync();
        var ended = await host.EndAsync();
        (ended.Finished, ended.Parked).ShouldBe((2, 2));
        host.Watcher.Restarts.Select(r => r.Pause.TotalMilliseconds).ShouldBe([100, 200, 400, 800, 1000]);
        host.Watcher.Events.Select(e => e.Happened).OfType<InstanceParked>().Single(p => p.Instance == "kept-1").Reason.ShouldBe("InvalidOperationException: a bug");
    }

    [Fact] public async Task A_lost_store_ends_the_host_at_once_and_is_not_hammered()
    {
        var journal = new TestJournal { Before = (_, entries) => entries[0].Manifest == "self.answered@1" ? throw new SecondWriterException("somebody else writes") : Task.CompletedTask };
        await using var host = await new Host(journal).StartAsync();
        (await Should.ThrowAsync<SecondWriterException>(host.EndAsync())).Message.ShouldBe("somebody else writes");
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(Host.Patience);
        journal.Appends.ShouldBeLessThan(200);
        var settled = journal.Appends;
        await Task.Yield();
        journal.Appends.ShouldBe(settled, "nothing is written after the host has ended");
    }

    [Fact] public async Task A_gentle_stop_finishes_what_is_in_flight_and_the_resumed_run_is_the_same()
    {
        var (begun, release) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var effects = new TestEffects
        {
            Before = async (instance, effect, cancellationToken) =>
            {
                if (instance != "kept-2" || effect.Key != "c5 answer 1")
                    return;
                begun.TrySetResult();
                await release.Task.WaitAsync(cancellationToken);
            },
        };
        var journal = new TestJournal();
        await using (var host = await new Host(journal, effects).StartAsync())
        {
            await begun.Task.WaitAsync(Host.Patience);
            var stop = host.Runtime.StopAsync(CancellationToken.None);
            stop.IsCompleted.ShouldBeFalse();
            release.SetResult();
            await stop.WaitAsync(Host.Patience);
            (await journal.LinesAsync()).ShouldContain(l => l.StartsWith("kept-2/self") && l.Contains("self.answered@1 {\"cycle\":5"), "the answer in flight was not lost");
        }

        await using var resumed = await new Host(journal).StartAsync();
        await resumed.EndAsync();
        Same(await journal.LinesAsync());
    }

    [Fact] public async Task A_stop_in_a_hurry_leaves_what_is_in_flight_as_owed()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var effects = new TestEffects
        {
            Before = async (_, effect, cancellationToken) =>
            {
                if (effect is not GenerateAnswer { Cycle: 4 })
                    return;
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
        };
        var journal = new TestJournal();
        await using (var host = await new Host(journal, effects).StartAsync())
        {
            await begun.Task.WaitAsync(Host.Patience);
            using var hurry = new CancellationTokenSource();
            await hurry.CancelAsync();
            await host.Runtime.StopAsync(hurry.Token).WaitAsync(Host.Patience);
            host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        }

        await using var resumed = await new Host(journal).StartAsync();
        await resumed.EndAsync();
        Same(await journal.LinesAsync());
    }

    [Fact] public async Task A_gentle_stop_does_not_wait_for_the_pause_of_a_failing_instance()
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var effects = new TestEffects
        {
            Before = (instance, effect, _) =>
            {
                if (instance != "kept-1" || effect is not GenerateAnswer { Cycle: 2 })
                    return Task.CompletedTask;
                failed.TrySetResult();
                throw new InvalidOperationException("a bug");
            },
        };
        await using var host = await new Host(new TestJournal(), effects, clock: new ImpatientClock { EndsPauses = false }).StartAsync();
        await failed.Task.WaitAsync(Host.Patience);
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(Host.Patience);
        host.Runtime.Failure.IsFaulted.ShouldBeFalse("one instance's bug is not the host's end");
    }

    [Fact] public async Task An_idle_instance_leaves_memory_and_its_next_message_brings_it_back()
    {
        var journal = new TestJournal();
        await using var host = await new Host(journal).StartAsync();
        await host.EndAsync();
        await host.Runtime.StopAsync(CancellationToken.None); // all is calm, and nothing is under way

        await using var again = new Host(journal);
        await LiveOnceAsync(again);
        await LiveOnceAsync(again);
        ReadsOf(journal).ShouldBe(2, "once by the first host, once by the second: it stays in memory");
        again.Clock.Advance(TimeSpan.FromMinutes(1));
        await LiveOnceAsync(again);
        ReadsOf(journal).ShouldBe(3);

        static int ReadsOf(TestJournal journal) => journal.Reads.Count(r => r.Stream == "test/kept-1/curator");
    }

    [Fact] public async Task A_thousand_instances_live_to_their_end()
    {
        var plan = Plans.TwoVariants(replicates: 500, stimuli: 1, internalEvery: 0, every: 1);
        await using var host = await new Host(new TestJournal(), plan: plan, running: new RuntimeOptions { MailboxCapacity = 4 }).StartAsync();
        var ended = await host.EndAsync();
        (ended.Finished, ended.Parked).ShouldBe((1000, 0));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(400)]
    [InlineData(2500)]
    public async Task Of_many_instances_some_wait_at_full_mailboxes_and_a_stop_in_a_hurry_ends_all_the_same(int appends)
    {
        var plan = Plans.TwoVariants(replicates: 150, stimuli: 1, internalEvery: 0, every: 1);
        var (far, count) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        var journal = new TestJournal { Before = async (_, _) => { if (Interlocked.Increment(ref count) == appends) far.TrySetResult(); await Task.Yield(); } };
        await using (var host = await new Host(journal, plan: plan, running: new RuntimeOptions { MailboxCapacity = 1 }).StartAsync())
        {
            await far.Task.WaitAsync(Host.Patience);
            using var hurry = new CancellationTokenSource();
            await hurry.CancelAsync();
            await host.Runtime.StopAsync(hurry.Token).WaitAsync(Host.Patience);
            var settled = journal.Appends;
            await Task.Yield();
            journal.Appends.ShouldBe(settled, "the journal may be closed now");
            host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        }

        await using var resumed = await new Host(journal, plan: plan).StartAsync();
        (await resumed.EndAsync()).Finished.ShouldBe(300);
    }

    [Fact] public async Task A_refused_command_is_told_to_the_observer_and_changes_nothing()
    {
        var journal = new TestJournal();
        await using var host = new Host(journal);
        await host.Runtime.TellAsync(new Address("kept-1", Loop.Curator), new Judge(Some.Draft(1), Some.Reflection(), null));
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(Host.Patience);
        host.Watcher.Refusals.Single().ShouldBe("kept-1/curator: the Curator has not begun: BeginCurator comes first");
        journal.Appends.ShouldBe(0);
    }

    [Fact] public async Task Of_a_host_that_is_calm_the_supervisor_alone_still_takes_commands()
    {
        var journal = new TestJournal();
        await using var host = new Host(journal);
        TaskCompletionSource disk = new();
        journal.Before = (_, _) => disk.Task;
        await host.Runtime.CalmAsync(CancellationToken.None).WaitAsync(Host.Patience);
        await host.Runtime.TellAsync(new Address("kept-1", Loop.Curator), new Judge(Some.Draft(1), Some.Reflection(), null));
        await host.Runtime.TellAsync(Address.Supervisor, new StartRun(host.Plan));
        while (journal.Appends == 0)
            await Task.Yield();
        await host.Runtime.TellAsync(Address.Supervisor, new ParkInstance("kept-1", "so it was wished"));
        var stopped = host.Runtime.StopAsync(CancellationToken.None);
        for (var turns = 0; turns < 1_000; turns++)
            await Task.Yield(); // a host that did not wait would have closed by then
        disk.SetResult();
        await stopped.WaitAsync(Host.Patience);
        host.Watcher.Events.Select(e => (e.Instance, e.Happened.GetType())).ShouldBe([(Address.Run, typeof(RunPlanned)), (Address.Run, typeof(InstanceParked))], "what follows from them is owed");
        journal.Reads.Select(r => r.Stream).Distinct().ShouldBe(["test/supervisor"]);
    }

    [Fact] public async Task What_is_not_run_now_stays_owed_and_is_no_failure()
    {
        var journal = new TestJournal();
        var used = false;
        await using (var host = await new Host(journal, new TestEffects { Before = (_, effect, _) => effect is GenerateAnswer ? throw new StaysOwedException("the budget is used up") : Task.CompletedTask }).StartAsync())
        {
            host.Watcher.Here = () => used = true;
            while (!(host.Runtime.IsIdle && used))
                await Task.Yield();
            host.Watcher.Restarts.ShouldBeEmpty();
            host.Watcher.Events.Count(e => e.Happened is Answered or InstanceParked).ShouldBe(0);
            await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(Host.Patience);
        }

        await using var resumed = await new Host(journal).StartAsync();
        (await resumed.EndAsync()).Finished.ShouldBe(3, "all but the one that the script lets fall silent");
    }

    [Fact] public async Task An_unknown_faculty_is_a_bug_of_the_sender()
    {
        await using var host = new Host(new TestJournal());
        (await Should.ThrowAsync<InvalidOperationException>(async () => await host.Runtime.TellAsync(new Address("kept-1", "oracle"), new StartRun(host.Plan)))).Message.ShouldBe("'kept-1' has no faculty 'oracle'.");
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(Host.Patience);
    }

    [Fact] public void Two_faculties_never_have_the_turn_at_once()
    {
        var clock = new LifeClock(Loop.Faculties);
        var (index, head) = clock.Take(0);
        Should.Throw<InvalidOperationException>(() => clock.Take(1)).Message.ShouldContain("'memory' would write while 'self' is writing");
        clock.Advance(0, index + 1, head);
        clock.Take(1).Index.ShouldBe(1);
    }

    // A repeated Judge of the last cycle embeds once more and leaves no trace.
    private static async Task LiveOnceAsync(Host host)
    {
        var embedded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Effects.Before = (instance, effect, _) =>
        {
            if (instance == "kept-1")
                embedded.TrySetResult();
            return Task.CompletedTask;
        };
        await host.Runtime.TellAsync(new Address("kept-1", Loop.Curator), new Judge(Some.Draft(9), Some.Reflection(), null));
        await embedded.Task.WaitAsync(Host.Patience);
        while (host.Runtime.IsBusy("kept-1"))
            await Task.Yield();
    }

    private static void Same(System.Collections.Immutable.ImmutableArray<string> actual)
    {
        for (var i = 0; i < Math.Min(actual.Length, Expected.Length); i++)
            Assert.True(actual[i] == Expected[i], $"line {i} is\n{actual[i]}\nand not\n{Expected[i]}");
        actual.Length.ShouldBe(Expected.Length);
    }
}
