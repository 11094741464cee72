using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Tests.Verification;

/// <summary>Stores that nobody has touched, of every kind: nothing diverges, and what no anchor covers is told.</summary>
public sealed class CleanStoreTests
{
    [Fact]
    public async Task A_run_that_has_ended_verifies_and_its_finished_instances_are_covered()
    {
        using var lived = await LivedStore.LiveAsync();
        var found = await lived.VerifyAsync();
        found.Divergences.ShouldBeEmpty();
        found.Counts.Events.ShouldBe(lived.Rows().Count);
        found.Counts.Snapshots.ShouldBe(lived.Snapshots().Count);
        found.Counts.InstanceAnchors.ShouldBe(
            lived
                .Rows()
                .Count(r =>
                    r.Manifest.StartsWith("memory.stored@", StringComparison.Ordinal)
                    || r.Manifest.StartsWith("self.probed@", StringComparison.Ordinal)
                )
        );
        found.Counts.RunAnchors.ShouldBe(
            lived
                .Rows()
                .Count(r =>
                    r.Manifest.StartsWith("supervisor.advanced@", StringComparison.Ordinal)
                    || r.Manifest.StartsWith("supervisor.finished@", StringComparison.Ordinal)
                )
        );
        found.Counts.Digests.ShouldBe(1);
        found.Counts.Blobs.ShouldBe(Directory.GetFiles(Path.Combine(lived.Path, "blobs"), "*", SearchOption.AllDirectories).Length);
        found.Instances.Where(l => l.Beyond > 0).Select(l => l.Instance).ShouldBe(["frozen-2"], "it was parked in the middle of a cycle");
    }

    [Fact]
    public async Task The_pass_over_all_rows_and_the_reading_instance_by_instance_find_the_same()
    {
        using var lived = await LivedStore.LiveAsync();
        var (whole, run) = (await lived.VerifyAsync(), await lived.VerifyAsync(LivedStore.Run));
        run.Divergences.ShouldBeEmpty();
        run.Instances.ShouldBe(whole.Instances);
        run.Counts.ShouldBe(whole.Counts with { OtherSnapshots = run.Counts.OtherSnapshots });
        var instance = await lived.VerifyAsync(LivedStore.Run, "kept-1");
        instance.Divergences.ShouldBeEmpty();
        instance.Instances.ShouldBe(whole.Instances.Where(l => l.Instance == "kept-1"));
    }

    [Fact]
    public async Task Forks_what_was_given_and_a_parked_instance_that_was_revived_verify()
    {
        using var lived = await LivedStore.LiveAsync(stimuli: 6);
        await BesideAsync(lived);
        var found = await lived.VerifyAsync();
        found.Divergences.ShouldBeEmpty();
        found.Instances.Select(l => l.Instance).ShouldContain("kept-1-fork-1");
        found.Instances.ShouldAllBe(l => l.Beyond == 0);
    }

    [Fact]
    public async Task Forks_at_any_event_and_forks_of_forks_verify_also_where_another_process_finished_the_copy()
    {
        using var lived = await LivedStore.LiveAsync(stimuli: 6);
        await using var store = await lived.OpenAsync();
        var run = (await InstanceReader.ReadRunAsync(store.Journal, LivedStore.Run, CancellationToken.None))!;
        var length = (await InstanceReader.ReadAsync(store.Journal, run, "kept-2", CancellationToken.None)).Length;
        await using (var session = await OpenAsync(store, run.Plan!, only: []))
        {
            for (var index = 1; index <= length; index += 5)
                await Fork.MakeAsync(
                    session,
                    store,
                    new ForkRequest($"at-{index}", "kept-2", index, Rests: true, null),
                    CancellationToken.None
                );
            await Fork.MakeAsync(
                session,
                store,
                new ForkRequest("again", $"at-{1 + (length - 1) / 5 * 5}", length / 2, Rests: true, null),
                CancellationToken.None
            );
        }

        lived.Change(
            "UPDATE journal SET writer_uuid = 'who began it' WHERE persistence_id LIKE '%/again/self' OR persistence_id LIKE '%/again/memory'"
        );
        (await lived.VerifyAsync()).Divergences.ShouldBeEmpty();
        lived.Change("UPDATE journal SET writer_uuid = 'somebody' WHERE persistence_id LIKE '%/again/curator' AND sequence_number = 2");
        (await lived.VerifyAsync()).Divergences.ShouldHaveSingleItem().Field.ShouldBe("writer_uuid");
    }

    [Theory]
    [InlineData("5ad1e5b0a9d84c0fb2b1c9a7f3e20d11", "ad164e1b0d1941b3b9b0c2fb460f8f67", true)] // of Akka.Persistence.Sql's plugins on two nodes: they return with an instance
    [InlineData("5ad1e5b0a9d84c0fb2b1c9a7f3e20d11", "5ad1e5b0a9d8fc0fb2b1c9a7f3e20d11", true)] // that of one returns, and another wrote between
    [InlineData("w5ad1e5b0a9d84c0fb2b1c9a7f3e20d1", "wad164e1b0d1941b3b9b0c2fb460f8f6", false)]
    [InlineData("5ad1e5b0a9d8fc0fb2b1c9a7f3e20d11", "ad164e1b0d1961b3b9b0c2fb460f8f67", false)] // as earlier builds wrote them
    public async Task Only_the_writer_ids_of_Akka_Persistence_Sql_may_return(string one, string other, bool mayReturn)
    {
        using var lived = await LivedStore.LiveAsync();
        foreach (var (writer, from, to) in ((string, int, int)[])[(one, 1, 3), (other, 4, 6), (one, 7, int.MaxValue)])
            lived.Change(
                "UPDATE journal SET writer_uuid = $w WHERE persistence_id LIKE '%/supervisor' AND sequence_number BETWEEN $f AND $t",
                ("$w", writer),
                ("$f", from),
                ("$t", to)
            );
        var diverges = (await lived.VerifyAsync()).Divergences;
        diverges.Select(d => d.Field).ShouldBe(mayReturn ? [] : ["writer_uuid"]);
    }

    [Fact]
    public async Task A_fork_that_was_copied_and_never_joined_is_named_and_is_no_divergence()
    {
        using var lived = await LivedStore.LiveAsync(stimuli: 6);
        await BesideAsync(lived);
        lived.Change(
            "DELETE FROM journal WHERE persistence_id LIKE '%/supervisor' AND sequence_number >= (SELECT min(sequence_number) FROM journal WHERE manifest LIKE 'supervisor.forked@%')"
        );
        var found = await lived.VerifyAsync();
        found.Divergences.ShouldBeEmpty();
        found.Instances.Where(l => !l.IsKnown).Select(l => (l.Instance, l.Covered)).ShouldBe([("kept-1-fork-1", 0L)]);
    }

    [Fact]
    public async Task A_run_cut_off_in_the_middle_verifies_and_its_instances_have_an_uncovered_end()
    {
        using var lived = await LivedStore.LiveAsync();
        var newest = lived.Rows()[^1].Ordering;
        for (var at = 1; at < newest; at += 37)
        {
            using var interrupted = lived.Copy();
            interrupted.Change("DELETE FROM snapshot; DELETE FROM journal WHERE ordering > $at", ("$at", at));
            var found = await interrupted.VerifyAsync();
            found.Divergences.ShouldBeEmpty($"cut off behind row {at}");
            found.Counts.Events.ShouldBe(at);
        }
    }

    [Fact]
    public async Task What_is_said_to_be_uncovered_can_be_cut_off_unseen_and_one_event_more_cannot()
    {
        using var lived = await LivedStore.LiveAsync();
        var parked = (await lived.VerifyAsync()).Instances.Single(l => l.Beyond > 0);
        foreach (var (kept, seen) in new[] { (parked.Covered, false), (parked.Covered - 1, true) })
        {
            using var cut = lived.Copy();
            var rows = cut.Rows().Where(r => r.Instance == parked.Instance && r.Index > kept).ToList();
            rows.Count.ShouldBe((int)(parked.Events - kept));
            foreach (var row in rows)
                cut.Change(
                    "DELETE FROM snapshot WHERE persistence_id = $id AND sequence_number >= $n; DELETE FROM journal WHERE ordering = $o",
                    ("$id", row.Stream),
                    ("$n", row.Number),
                    ("$o", row.Ordering)
                );
            (await cut.VerifyAsync()).Holds.ShouldBe(!seen);
        }
    }

    [Fact]
    public async Task Clocks_that_jump_change_nothing()
    {
        using var lived = await LivedStore.LiveAsync(stimuli: 6);
        lived.Change("UPDATE journal SET created = abs(random())");
        (await lived.VerifyAsync()).Divergences.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_is_being_written_gives_no_false_alarm()
    {
        using var lived = await LivedStore.LiveAsync(stimuli: 3);
        await using var store = await lived.OpenAsync();
        var plan = (await LivedStore.PlanAsync(store, stimuli: 40)) with { Run = "later-12345678" };
        await using var session = await new SessionOpening(plan, store, new SessionOptions(2), TimeProvider.System).OpenAsync(
            new LivedStore.Scripted(store.Blobs),
            new LivedStore.Ended()
        );
        var looks = 0;
        for (var ended = session.UntilAsync(s => s.Digest is not null, CancellationToken.None); !ended.IsCompleted || looks < 3; looks++)
            (await lived.VerifyAsync()).Divergences.ShouldBeEmpty();
        await session.CloseAsync(CancellationToken.None);
        (await lived.VerifyAsync()).Divergences.ShouldBeEmpty();
    }

    private static Task<RunSession> OpenAsync(Journal.EventStore store, RunPlan plan, ImmutableHashSet<string>? only) =>
        new SessionOpening(plan, store, new SessionOptions(2, only, Revive: only is null), TimeProvider.System).OpenAsync(
            new LivedStore.Scripted(store.Blobs),
            new LivedStore.Ended()
        );

    private static async Task BesideAsync(LivedStore lived)
    {
        await using var store = await lived.OpenAsync();
        var plan = (await InstanceReader.ReadRunAsync(store.Journal, LivedStore.Run, CancellationToken.None))!.Plan!;
        await using var session = await OpenAsync(store, plan, only: null);
        await session.UntilAsync(s => s.Instances.Values.All(l => l.Status == InstanceState.Finished), CancellationToken.None);
        foreach (
            var (arrival, input) in new (string, Input)[]
            {
                ("a1", new Input.Said("Are you there?", "talk")),
                ("a2", new Input.Told("Where were you?", "talk", new Given("At home.", null), null)),
                ("a3", new Input.Said(Script.Unanswerable, "talk")),
                ("a4", new Input.RoundEnd()),
            }
        )
            await session.TellAsync(new Give("kept-1", arrival, input, Some.Epoch));
        await session.UntilAsync(s => s.Arrivals.Length == 4 && s.Instances["kept-1"].IsAtRest, CancellationToken.None);
        var instance = await InstanceReader.ReadAsync(store.Journal, session.State, "kept-1", CancellationToken.None);
        const string fork = "kept-1-fork-1";
        await Fork.MakeAsync(
            session,
            store,
            new ForkRequest(fork, "kept-1", Fork.BoundaryAt(instance, instance.Length / 2)!.Index, Rests: true, null),
            CancellationToken.None
        );
        await session.TellAsync(new Give(fork, "a5", new Input.Said("Who are you now?", "talk"), Some.Epoch));
        await session.UntilAsync(s => s.Instances[fork].IsAtRest && s.Arrivals.Contains("a5"), CancellationToken.None);
        await session.CloseAsync(CancellationToken.None);
    }
}
