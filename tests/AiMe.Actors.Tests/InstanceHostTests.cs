using System.Collections.Concurrent;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;

namespace AiMe.Actors.Tests;

/// <summary>What a run's instances do in a plain actor system when effects fail, the store is lost, or the host stops.</summary>
public sealed class InstanceHostTests
{
    private static readonly Lazy<Task<System.Collections.Immutable.ImmutableArray<string>>> Undisturbed = new(async () =>
    {
        var journal = new WatchedJournal();
        await using var host = await new TestHost(journal).StartAsync();
        await host.EndAsync();
        return await journal.LinesAsync();
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_same_events_at_any_parallelism(int parallel)
    {
        var journal = new WatchedJournal();
        await using var host = await new TestHost(journal, with: o => o with { Parallel = parallel }).StartAsync();
        await host.EndAsync();
        await SameAsync(journal);
        host.Watcher.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Effects_run_only_when_the_events_that_owe_them_are_durable()
    {
        var (durable, early) = (
            new System.Collections.Concurrent.ConcurrentDictionary<string, bool>(),
            new System.Collections.Concurrent.ConcurrentQueue<string>()
        );
        var journal = new WatchedJournal
        {
            Before = async (_, _) =>
            {
                for (var i = 0; i < 20; i++)
                    await Task.Yield();
            },
        };
        var effects = new TestEffects();
        await using var host = await new TestHost(journal, effects).OpenAsync();
        effects.Before = async (instance, effect, _) =>
        {
            var owing = effect switch
            {
                GenerateAnswer { Attempt: 1 } e => ("self", "self.prompted@1", $"\"cycle\":{e.Cycle},"),
                TrainModel e => ("trainer", "trainer.planned@1", $"\"round\":{e.Plan.Round},"),
                _ => default,
            };
            if (owing.Item1 is null)
                return;
            await foreach (var row in journal.ReadAsync(new PersistenceId($"test/{instance}/{owing.Item1}"), 1, long.MaxValue, default))
                durable[effect.Key + instance] =
                    row.Manifest == owing.Item2 && System.Text.Encoding.UTF8.GetString(row.Message.Span).Contains(owing.Item3)
                    || durable.GetValueOrDefault(effect.Key + instance);
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
    public async Task Cut_off_after_any_effect_and_started_again_a_run_has_the_same_events(int effects)
    {
        var journal = new WatchedJournal();
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
            await using var host = await new TestHost(journal, world).StartAsync();
            await Task.WhenAny(host.Watcher.Ended, killed.Task, host.Runtime.Failure).WaitAsync(TestHost.Patience);
            if (host.Watcher.Ended.IsCompleted)
                break;
            host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        }

        await SameAsync(journal);
    }

    [Fact]
    public async Task An_instance_that_fails_twice_restarts_from_its_journal_and_has_the_same_events()
    {
        var failures = 0;
        var effects = new TestEffects
        {
            Before = (instance, effect, _) =>
                instance == "kept-1" && effect.Key == "c4 reflect 1" && Interlocked.Increment(ref failures) <= 2
                    ? throw new InvalidOperationException("a bug")
                    : Task.CompletedTask,
        };
        var journal = new WatchedJournal();
        await using var host = await new TestHost(journal, effects).StartAsync();
        await host.EndAsync();
        await SameAsync(journal);
        host.Watcher.Restarts.Select(r => (r.Instance, r.Attempt)).ShouldBe([("kept-1", 1), ("kept-1", 2)]);
    }

    [Fact]
    public async Task What_keeps_failing_is_parked_after_pauses_that_double_and_the_others_go_on()
    {
        var effects = new TestEffects
        {
            Before = (instance, effect, _) =>
                instance == "kept-1" && effect is GenerateAnswer { Cycle: 2 }
                    ? throw new InvalidOperationException("a bug")
                    : Task.CompletedTask,
        };
        await using var host = await new TestHost(new WatchedJournal(), effects, with: o =>
            o with
            {
                BackOff = TimeSpan.FromMilliseconds(10),
                BackOffAtMost = TimeSpan.FromMilliseconds(100),
            }
        ).StartAsync();
        var ended = await host.EndAsync();
        (ended.Finished, ended.Parked).ShouldBe((2, 2));
        host.Watcher.Restarts.Select(r => r.Pause.TotalMilliseconds).ShouldBe([10, 20, 40, 80, 100]);
        host.Watcher.Events.Select(e => e.Happened)
            .OfType<InstanceParked>()
            .Single(p => p.Instance == "kept-1")
            .Reason.ShouldBe("InvalidOperationException: a bug");
    }

    [Fact]
    public async Task A_lost_store_ends_the_host_at_once_and_is_not_hammered()
    {
        var journal = new WatchedJournal
        {
            Before = (_, entries) =>
                entries[0].Manifest == "self.answered@1" ? throw new SecondWriterException("somebody else writes") : Task.CompletedTask,
        };
        await using var host = await new TestHost(journal).StartAsync();
        (await Should.ThrowAsync<SecondWriterException>(host.EndAsync())).Message.ShouldBe("somebody else writes");
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        journal.Appends.ShouldBeLessThan(200);
        var settled = journal.Appends;
        await Task.Yield();
        journal.Appends.ShouldBe(settled, "nothing is written after the host has ended");
    }

    [Fact]
    public async Task A_gentle_stop_finishes_what_is_in_flight_and_the_resumed_run_is_the_same()
    {
        var (begun, release) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
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
        var journal = new WatchedJournal();
        await using (var host = await new TestHost(journal, effects).StartAsync())
        {
            await begun.Task.WaitAsync(TestHost.Patience);
            var stop = host.Runtime.StopAsync(CancellationToken.None);
            stop.IsCompleted.ShouldBeFalse();
            release.SetResult();
            await stop.WaitAsync(TestHost.Patience);
            (await journal.LinesAsync()).ShouldContain(
                l => l.StartsWith("kept-2/self") && l.Contains("self.answered@1 {\"cycle\":5"),
                "the answer in flight was not lost"
            );
        }

        await using var resumed = await new TestHost(journal).StartAsync();
        await resumed.EndAsync();
        await SameAsync(journal);
    }

    [Fact]
    public async Task A_stop_in_a_hurry_leaves_what_is_in_flight_as_owed()
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
        var journal = new WatchedJournal();
        await using (var host = await new TestHost(journal, effects).StartAsync())
        {
            await begun.Task.WaitAsync(TestHost.Patience);
            using var hurry = new CancellationTokenSource();
            await hurry.CancelAsync();
            await host.Runtime.StopAsync(hurry.Token).WaitAsync(TestHost.Patience);
            host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        }

        await using var resumed = await new TestHost(journal).StartAsync();
        await resumed.EndAsync();
        await SameAsync(journal);
    }

    [Fact]
    public async Task A_gentle_stop_does_not_wait_for_the_pause_of_a_failing_instance()
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
        await using var host = await new TestHost(new WatchedJournal(), effects, with: o =>
            o with
            {
                BackOff = TimeSpan.FromHours(1),
                BackOffAtMost = TimeSpan.FromHours(1),
            }
        ).StartAsync();
        await failed.Task.WaitAsync(TestHost.Patience);
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        host.Runtime.Failure.IsFaulted.ShouldBeFalse("one instance's bug is not the host's end");
    }

    [Fact]
    public async Task A_thousand_instances_finish()
    {
        var plan = Plans.TwoVariants(replicates: 500, stimuli: 1, internalEvery: 0, every: 1);
        await using var host = await new TestHost(new WatchedJournal(), plan: plan).StartAsync();
        var ended = await host.EndAsync();
        (ended.Finished, ended.Parked).ShouldBe((1000, 0));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(400)]
    [InlineData(2500)]
    public async Task A_stop_in_a_hurry_ends_many_instances_behind_what_they_write(int appends)
    {
        var plan = Plans.TwoVariants(replicates: 150, stimuli: 1, internalEvery: 0, every: 1);
        var (far, count) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        var journal = new WatchedJournal
        {
            Before = async (_, _) =>
            {
                if (Interlocked.Increment(ref count) == appends)
                    far.TrySetResult();
                await Task.Yield();
            },
        };
        await using (var host = await new TestHost(journal, plan: plan).StartAsync())
        {
            await far.Task.WaitAsync(TestHost.Patience);
            using var hurry = new CancellationTokenSource();
            await hurry.CancelAsync();
            await host.Runtime.StopAsync(hurry.Token).WaitAsync(TestHost.Patience);
            var settled = journal.Appends;
            await Task.Yield();
            journal.Appends.ShouldBe(settled, "the journal may be closed now");
            host.Runtime.Failure.IsFaulted.ShouldBeFalse();
        }

        await using var resumed = await new TestHost(journal, plan: plan).StartAsync();
        (await resumed.EndAsync()).Finished.ShouldBe(300);
    }

    [Fact]
    public async Task A_refused_command_is_told_to_the_observer_and_changes_nothing()
    {
        var journal = new WatchedJournal();
        await using var host = await new TestHost(journal).OpenAsync();
        await host.Runtime.TellAsync(new FacultyAddress("kept-1", Loop.Curator), new Judge(Some.Draft(1), Some.Reflection(), null));
        while (host.Watcher.Refusals.IsEmpty)
            await Task.Yield();
        await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        host.Watcher.Refusals.Single().ShouldBe("kept-1/curator: the Curator has not begun: BeginCurator comes first");
        journal.Appends.ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_host_that_is_calm_the_supervisor_alone_still_takes_commands()
    {
        var journal = new WatchedJournal();
        await using var host = await new TestHost(journal).OpenAsync();
        TaskCompletionSource disk = new();
        journal.Before = (_, _) => disk.Task;
        await host.Runtime.CalmAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        await host.Runtime.TellAsync(new FacultyAddress("kept-1", Loop.Curator), new Judge(Some.Draft(1), Some.Reflection(), null));
        await host.Runtime.TellAsync(FacultyAddress.Supervisor, new StartRun(host.Plan));
        while (journal.Appends == 0)
            await Task.Yield();
        await host.Runtime.TellAsync(FacultyAddress.Supervisor, new ParkInstance("kept-1", "so it was wished"));
        var stopped = host.Runtime.StopAsync(CancellationToken.None);
        for (var turns = 0; turns < 1_000; turns++)
            await Task.Yield(); // a host that did not wait would have closed by then
        disk.SetResult();
        await stopped.WaitAsync(TestHost.Patience);
        host.Watcher.Events.Select(e => (e.Instance, e.Happened.GetType()))
            .ShouldBe(
                [(FacultyAddress.Run, typeof(RunPlanned)), (FacultyAddress.Run, typeof(InstanceParked))],
                "what follows from them is owed"
            );
        journal.Reads.Select(r => r.Stream).Distinct().ShouldBe(["test/supervisor"]);
    }

    [Fact]
    public async Task What_is_not_run_now_stays_owed_and_is_no_failure()
    {
        var journal = new WatchedJournal();
        var used = false;
        await using (
            var host = await new TestHost(
                journal,
                new TestEffects
                {
                    Before = (_, effect, _) =>
                        effect is GenerateAnswer ? throw new StaysOwedException("the budget is used up") : Task.CompletedTask,
                }
            ).StartAsync()
        )
        {
            host.Watcher.Here = () => used = true;
            while (!(host.Runtime.IsIdle && used))
                await Task.Yield();
            host.Watcher.Restarts.ShouldBeEmpty();
            host.Watcher.Events.Count(e => e.Happened is Answered or InstanceParked).ShouldBe(0);
            await host.Runtime.StopAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        }

        await using var resumed = await new TestHost(journal).StartAsync();
        (await resumed.EndAsync()).Finished.ShouldBe(3, "all but the one that the script lets fall silent");
    }

    private static async Task SameAsync(WatchedJournal journal)
    {
        var (actual, expected) = (await journal.LinesAsync(), await Undisturbed.Value);
        for (var i = 0; i < Math.Min(actual.Length, expected.Length); i++)
            Assert.True(actual[i] == expected[i], $"line {i} is\n{actual[i]}\nand not\n{expected[i]}");
        actual.Length.ShouldBe(expected.Length);
    }
}
