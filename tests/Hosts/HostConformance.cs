using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using AiMe.Lab.Verification;

namespace AiMe.Hosts;

/// <summary>What every host must do. One scripted run has the events and the digest of a golden file, whoever hosts it.</summary>
public abstract class HostConformance : HostKit
{
    private const string Run = ScriptedRun.Run;

    /// <inheritdoc />
    private protected HostConformance(bool isSlow = false)
        : base(isSlow) { }

    /// <summary>The host under test, over a store.</summary>
    private protected abstract IRuntimeFactory HostingOf(EventStore store);

    [SkippableFact]
    public async Task A_run_has_the_events_and_the_digest_of_the_golden_file()
    {
        var lived = await LiveAsync(NewStore(), HostingOf);
        lived.Digest.ShouldBe(ScriptedRun.Digest);
        lived.Rows.ShouldBe(ScriptedRun.Rows);
    }

    [SkippableFact]
    public async Task A_run_that_was_interrupted_continues() => await GoesOnAsync(first: HostingOf, then: HostingOf);

    [SkippableFact]
    public async Task A_snapshot_that_is_damaged_or_of_another_version_is_passed_over() =>
        await GoesOnAsync(HostingOf, HostingOf, async store =>
            (
                await ChangeAsync(
                    store,
                    $"UPDATE snapshot SET snapshot = {(store is PostgresAddress ? "'\\x00'::bytea" : "x'00'")} WHERE persistence_id LIKE '%/memory'; UPDATE snapshot SET manifest = 'self.state@1' WHERE persistence_id LIKE '%/self'"
                )
            ).ShouldBeGreaterThan(4)
        );

    [SkippableFact]
    public async Task A_journal_with_the_tags_of_an_earlier_release_is_gone_on_with_and_verified()
    {
        StoreAddress address = null!;
        await GoesOnAsync(HostingOf, HostingOf, between: async made => (
                await ChangeAsync(
                    address = made,
                    $$"""
                    CREATE TABLE aime_untagged(first INTEGER PRIMARY KEY NOT NULL, last INTEGER NOT NULL, tags TEXT NOT NULL);
                    INSERT INTO aime_untagged SELECT max(ordering), max(ordering), '["{{Run}}"]' FROM journal;
                    INSERT INTO tags SELECT ordering, '{{Run}}', sequence_number, persistence_id FROM journal WHERE ordering < (SELECT first FROM aime_untagged)
                    """
                )
            ).ShouldBeGreaterThan(20));
        await using var store = EventStore.OpenReadOnly(address, TimeProvider.System, new StoreSettings(), (_, _) => false);
        (await Verifier.VerifyAsync(store, null, null, null, CancellationToken.None)).Divergences.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_run_that_has_ended_is_verified()
    {
        var address = NewStore();
        await LiveAsync(address, HostingOf, snapshotEvery: true);
        await using var store = EventStore.OpenReadOnly(address, TimeProvider.System, new StoreSettings(), (_, _) => false);
        var verified = await Verifier.VerifyAsync(store, null, null, null, CancellationToken.None);
        verified.Divergences.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task An_instance_whose_effect_fails_is_read_back_and_goes_on()
    {
        // Of each kind the first three, once each.
        var (asked, failures) = (new ConcurrentDictionary<string, int>(StringComparer.Ordinal), new ConcurrentDictionary<Type, int>());
        var troubled = new Troubled(
            (instance, effect) =>
                instance == "kept-1"
                && asked.AddOrUpdate(effect.Key, 1, (_, n) => n + 1) == 1
                && failures.AddOrUpdate(effect.GetType(), 1, (_, n) => n + 1) <= 3
                    ? new InvalidOperationException("a bug in the world")
                    : null
        );
        var lived = await LiveAsync(NewStore(), HostingOf, troubled: troubled);
        failures.Keys.ShouldBe(
            [
                typeof(AskProbes),
                typeof(EmbedExperience),
                typeof(EvaluateModel),
                typeof(GenerateAnswer),
                typeof(GenerateInsight),
                typeof(GenerateReflection),
                typeof(SearchMemory),
                typeof(TrainModel),
                typeof(WriteBatch),
            ],
            ignoreOrder: true
        );
        lived.Digest.ShouldBe(ScriptedRun.Digest);
        lived.Rows.ShouldBe(ScriptedRun.Rows);
    }

    [SkippableFact]
    public async Task An_instance_that_keeps_failing_is_parked_and_the_others_go_on()
    {
        var troubled = new Troubled(
            (instance, effect) =>
                instance == "kept-1" && effect.Key == "c2 answer 1" ? new InvalidOperationException("a bug that stays") : null
        );
        var address = NewStore();
        await LiveAsync(address, HostingOf, troubled: troubled);
        await using var store = await OpenAsync(address);
        var record = await RunRecord.ReadAsync(store.Journal, Run, CancellationToken.None);
        record.Run.Instances["kept-1"].Status.ShouldBe(InstanceState.Parked);
        record.Run.Instances["kept-1"].Reason.ShouldBe("InvalidOperationException: a bug that stays");
        record
            .Run.Instances.Where(l => l.Value.Status != InstanceState.Finished)
            .Select(l => l.Key)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["kept-1"]);
    }

    [SkippableFact]
    public async Task An_instance_of_which_a_row_cannot_be_read_is_parked_and_the_others_go_on()
    {
        var address = NewStore();
        await BeginAsync(address, HostingOf);
        await ChangeAsync(address, "DELETE FROM snapshot");
        (
            await ChangeAsync(
                address,
                "UPDATE journal SET manifest = 'memory.stored@99' WHERE ordering = (SELECT max(ordering) FROM journal WHERE persistence_id LIKE '%/kept-1/memory')"
            )
        ).ShouldBe(1);
        await LiveAsync(address, HostingOf);
        await using var store = await OpenAsync(address);
        var follower = new RunFollower(store.Journal, Run);
        await follower.CatchUpAsync(CancellationToken.None);
        follower.State.Instances["kept-1"].Status.ShouldBe(InstanceState.Parked);
        follower.State.Instances["kept-2"].Status.ShouldBe(InstanceState.Finished);
    }

    [SkippableFact]
    public async Task What_all_instances_need_ends_the_host_and_parks_nobody()
    {
        var address = NewStore();
        var full = new Troubled(
            (instance, effect) =>
                instance == "kept-1" && effect.Key == "c2 answer 1" ? new Journal.JournalException("the disk is full") : null
        );
        (await Should.ThrowAsync<Journal.JournalException>(() => LiveAsync(address, HostingOf, troubled: full))).Message.ShouldBe(
            "the disk is full"
        );
        var lived = await LiveAsync(address, HostingOf);
        lived.Digest.ShouldBe(ScriptedRun.Digest);
        lived.Rows.ShouldBe(ScriptedRun.Rows);
    }

    [SkippableFact]
    public async Task A_run_whose_budget_is_used_up_pauses_with_nothing_set_aside_and_is_gone_on_with()
    {
        var address = NewStore();
        var reached = await Should.ThrowAsync<BudgetReachedException>(() => LiveAsync(address, HostingOf, budget: new Budget(1_500, null)));
        reached.Ledger.Committed.Tokens.ShouldBeGreaterThan(1_200);
        await using (var store = await OpenAsync(address))
        {
            var follower = new RunFollower(store.Journal, Run);
            await follower.CatchUpAsync(CancellationToken.None);
            follower.State.Instances.Values.ShouldAllBe(l => l.Status == InstanceState.Living);
            var ledger = follower.State.Ledger;
            ledger.Spent.Tokens.ShouldBeInRange(500, 1_500);
            ledger.Committed.ShouldBe(ledger.Spent);
        }

        var ended = await LiveAsync(address, HostingOf, budget: new Budget(1_000_000, null));
        ended.Digest.ShouldBe(ScriptedRun.Digest);
        ended.Rows.Where(r => !IsOfSpending(r)).ShouldBe(ScriptedRun.Rows);
        ended.Rows.Count(r => r == "supervisor.budget-set@1").ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_rate_is_kept()
    {
        await using var store = await OpenAsync(NewStore());
        await using var runtime = await HostingOf(store)
            .OpenAsync(
                new HostSettings
                {
                    Run = Run,
                    Writer = new WriterId("w"),
                    Faculties = Loop.Faculties,
                    Supervisor = Loop.Supervision,
                    Codec = FacultyEvents.Codec,
                    Park = (i, why) => new ParkInstance(i, why),
                    Rates = [new Rate("calls", 6_000)],
                },
                new ScriptedEffects(store.Blobs, null),
                new Quiet()
            );
        var began = TimeProvider.System.GetTimestamp();
        var (taken, given) = (0, new List<int>());
        while (taken < 150)
        {
            given.Add(await runtime.Rates.TakeAsync("calls", 150 - taken, CancellationToken.None));
            taken += given[^1];
        }

        TimeProvider.System.GetElapsedTime(began).TotalSeconds.ShouldBeGreaterThan(1.4);
        given.ShouldAllBe(g => g > 0 && g <= 100);
        await Should.ThrowAsync<ArgumentException>(() => runtime.Rates.TakeAsync("other", 1, CancellationToken.None));
    }

    [SkippableFact]
    public async Task A_parked_instance_tries_again_when_the_run_is_started_again()
    {
        var address = NewStore();
        await LiveAsync(
            address,
            HostingOf,
            troubled: new Troubled(
                (instance, effect) =>
                    instance == "kept-1" && effect.Key == "c2 answer 1" ? new InvalidOperationException("a bug that is mended later") : null
            )
        );
        await LiveAsync(address, HostingOf);
        await using var store = await OpenAsync(address);
        (await RunRecord.ReadAsync(store.Journal, Run, CancellationToken.None)).Run.Instances.Values.ShouldAllBe(l =>
            l.Status == InstanceState.Finished
        );
    }

    [SkippableFact]
    public async Task An_instance_that_left_memory_comes_back_with_the_next_message()
    {
        var lived = await LiveAsync(NewStore(), store => new Impatient(HostingOf(store)));
        lived.Rows.ShouldBe(ScriptedRun.Rows);
    }

    [SkippableFact]
    public async Task Closing_lets_go_of_every_name()
    {
        var address = NewStore();
        await LiveAsync(address, HostingOf);
        await using var store = await OpenAsync(address);
        (await store.Ownership.HoldersAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_run_that_another_process_holds_is_not_written()
    {
        var address = NewStore();
        await using var store = await OpenAsync(address);
        var other = new WriterId("another");
        var held = await store.Ownership.ClaimAsync([Run], Journal.OwnerInfo.Here(other), CancellationToken.None);
        using var interrupt = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await RunHost.RunAsync(
                await ScriptedRun.PlanAsync(store.Blobs),
                store,
                new ScriptedEffects(store.Blobs, null),
                new SessionOptions(2, Hosting: HostingOf(store)),
                new Quiet(),
                TimeProvider.System,
                interrupt.Token,
                interrupt.Token
            );
        }
        catch (Journal.AlreadyOwnedException)
        {
            // told at once by a host that claims all beforehand; one that shares waits for its turn
        }

        (await store.Journal.HighestSequenceNumberAsync(PersistenceId.Of(Run, FacultyAddress.Supervisor), CancellationToken.None)).ShouldBe(
            0
        );
        await store.Ownership.ReleaseAsync(held, other, CancellationToken.None);
    }

    private static bool IsOfSpending(string row) =>
        row
            is "supervisor.budget-set@1"
                or "supervisor.spending-reserved@1"
                or "supervisor.spending-refused@1"
                or "supervisor.spending-settled@1";
}
