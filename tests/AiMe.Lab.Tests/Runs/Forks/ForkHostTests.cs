using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Lab.Tests.Runs.Forks;

/// <summary>Forks made and run in a store on disk, by the runtime that hosts every instance.</summary>
public sealed class ForkHostTests : IAsyncLifetime
{
    private LivedStore _lived = null!;

    public async Task InitializeAsync() => _lived = await LivedStore.OpenAsync();

    public async Task DisposeAsync() => await _lived.DisposeAsync();

    [Fact]
    public async Task A_fork_at_every_event_has_its_parents_links_and_repeats_its_parents_events()
    {
        var parent = await _lived.InstanceAsync(LivedStore.Parent);
        var rows = await _lived.RowsAsync(LivedStore.Parent);
        var names = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < parent.Length; i += Trials.Step)
            names.Add((await _lived.MakeAsync(await _lived.OrderAsync(parent[i].Index)))[0].Name);
        (await _lived.LiveAsync(names.ToImmutable())).ShouldBeTrue();

        var state = await _lived.StateAsync();
        for (var i = 0; i < parent.Length; i += Trials.Step)
        {
            var name = names[i / Trials.Step];
            state.Instances[name].IsAtRest.ShouldBeTrue(name);
            var instance = await _lived.InstanceAsync(name); // the chain, the order and the supervisor's heads are checked on the way
            Told(instance.Skip(i + 1)).ShouldBe(Told(parent.Skip(i + 1)), $"forked at event {i + 1}");
            var copied = parent.Take(i + 1).GroupBy(e => e.Faculty).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
            (await _lived.RowsAsync(name))
                .Where(r => Number(r) <= copied.GetValueOrDefault(r.Split(' ')[0]))
                .ShouldBe(rows.Where(r => Number(r) <= copied.GetValueOrDefault(r.Split(' ')[0])), $"forked at event {i + 1}");
        }

        (await _lived.RowsAsync(LivedStore.Parent)).ShouldBe(rows, "the parent is untouched");
    }

    [Fact]
    public async Task A_fork_does_not_change_the_runs_digest()
    {
        var before = (await _lived.StateAsync()).Digest;
        var name = (await _lived.MakeAsync(await _lived.OrderAsync(20, sets: "curate=[keep-none]")))[0].Name;
        await _lived.LiveAsync(name);
        (await _lived.StateAsync()).Digest.ShouldBe(before.ShouldNotBeNull());
        (
            await RunHost.RunAsync(
                _lived.Plan,
                _lived.Store,
                _lived.Effects,
                new SessionOptions(1),
                new LivedStore.Quiet(),
                TimeProvider.System,
                CancellationToken.None,
                CancellationToken.None
            )
        ).Digest.ShouldBe(before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_fork_whose_making_was_cut_off_is_finished_row_by_row_the_same(int appends)
    {
        var order = await _lived.OrderAsync(40, sets: ["curate=[keep-none]", "seed=9"]);
        await using var whole = await LivedStore.OpenAsync();
        var name = (await whole.MakeAsync(order))[0].Name;
        await CutOffAsync(whole, name, appends);

        (await Fork.UnfinishedAsync(_lived.Store.Journal, await _lived.StateAsync(), CancellationToken.None))
            .Select(w => w.Name)
            .ShouldBe([name]);
        (await _lived.MakeAsync(order))[0].Name.ShouldBe(name, "the same command finishes it and makes no second one");
        (await _lived.RowsAsync(name)).ShouldBe(await whole.RowsAsync(name));
        (await Fork.UnfinishedAsync(_lived.Store.Journal, await _lived.StateAsync(), CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_fork_finishes_first_what_was_cut_off()
    {
        await using var whole = await LivedStore.OpenAsync();
        var cut = (await whole.MakeAsync(await whole.OrderAsync(40, sets: "curate=[keep-none]")))[0].Name;
        await CutOffAsync(whole, cut, 3);
        var (made, finished) = await ForkHost.MakeAsync(
            _lived.Plan,
            _lived.Store,
            await _lived.OrderAsync(10),
            TimeProvider.System,
            CancellationToken.None
        );
        finished.Select(w => w.Name).ShouldBe([cut]);
        made.Select(w => w.Name).ShouldBe(["kept-1-fork-2"]);
        (await _lived.LiveAsync(cut, "kept-1-fork-2")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_command_goes_on_with_a_fork_that_has_not_finished_and_then_makes_another()
    {
        var order = await _lived.OrderAsync(30);
        var first = (await _lived.MakeAsync(order))[0].Name;
        (await _lived.MakeAsync(order))[0].Name.ShouldBe(first);
        await _lived.LiveAsync(first);
        (await _lived.MakeAsync(order))[0].Name.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_fork_that_was_parked_tries_again_by_the_same_command()
    {
        var order = await _lived.OrderAsync(30);
        var name = (await _lived.MakeAsync(order))[0].Name;
        (
            await ForkHost.LiveAsync(
                _lived.Plan,
                _lived.Store,
                new Speechless(),
                new SessionOptions(Parallel: 1),
                [name],
                new LivedStore.Quiet(),
                TimeProvider.System,
                CancellationToken.None,
                CancellationToken.None
            )
        ).ShouldBeTrue();
        (await _lived.StateAsync()).Instances[name].Status.ShouldBe(InstanceState.Parked);
        (await _lived.MakeAsync(order))[0].Name.ShouldBe(name);
        (await _lived.LiveAsync(name)).ShouldBeTrue();
        (await _lived.StateAsync()).Instances[name].Status.ShouldBe(InstanceState.Finished);
    }

    [Fact]
    public async Task Forks_and_controls_have_the_same_seeds_pair_by_pair_and_differ_by_what_was_changed()
    {
        var wishes = await _lived.MakeAsync(await _lived.OrderAsync(30, replicates: 3, name: "what-if", sets: "curate=[keep-none]"));
        wishes.Select(w => w.Name).ShouldBe(["what-if-1", "what-if-2", "what-if-3", "what-if-same-1", "what-if-same-2", "what-if-same-3"]);
        wishes.Take(3).Select(w => w.Changed!.Seed).ShouldBe(wishes.Skip(3).Select(w => w.Changed!.Seed));
        wishes.Select(w => w.Changed!.Seed).Distinct().Count().ShouldBe(3);
        await _lived.LiveAsync([.. wishes.Select(w => w.Name)]);
        var comparison = await ForkComparison.ReadAsync(
            _lived.Store.Journal,
            await _lived.StateAsync(),
            "what-if",
            3,
            CancellationToken.None
        );
        var kept = comparison.Pair("what-if", "what-if-same", Measure.Acceptance);
        (kept.Difference.N, kept.Difference.Mean).ShouldBe(
            (3, -comparison.Variants[1].Last(Measure.Acceptance).Mean),
            "changed forks keep nothing"
        );
    }

    [Fact]
    public async Task A_name_that_is_taken_by_another_instance_is_refused()
    {
        var order = await _lived.OrderAsync(30, name: "frozen-1");
        (await Should.ThrowAsync<ForkException>(() => _lived.MakeAsync(order))).Message.ShouldContain(
            "already has another instance 'frozen-1'"
        );
    }

    [Fact]
    public async Task The_seed_of_the_run_itself_changes_nothing()
    {
        var same = await _lived.OrderAsync(30, sets: $"seed={_lived.Plan.Seed.Value}");
        same.Changed.ShouldBe(same.Before);
        (await _lived.OrderAsync(30, sets: "seed=8")).Changed.Seed.ShouldNotBe(same.Before.Seed);
    }

    // What a process leaves that ended after so many appends: streams of another store in which the same fork was made whole.
    private async Task CutOffAsync(LivedStore whole, string name, int appends)
    {
        foreach (var faculty in Loop.Faculties.Take(appends))
        {
            var stream = PersistenceId.Of(whole.Plan.Run, new FacultyAddress(name, faculty.Name));
            var entries = ImmutableArray.CreateBuilder<JournalEntry>();
            await foreach (var row in whole.Store.Journal.ReadAsync(stream, 1, long.MaxValue, CancellationToken.None))
                entries.Add(new JournalEntry(row.SequenceNumber, row.Manifest, row.Message));
            await _lived.Store.Journal.AppendAsync(stream, new WriterId("gone"), entries.ToImmutable(), CancellationToken.None);
        }
    }

    private sealed class Speechless : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            Task.FromResult(
                effect is GenerateAnswer e ? new AnswerFailed(e.Cycle, e.Attempt, "503") : Faculties.Tests.Script.Answer(instance, effect)
            );
    }

    private static long Number(string row) => long.Parse(row.Split(' ')[1]);

    // Without what names the instance, and the heads, which hold the index; the script names its models after the instance.
    private static ImmutableArray<string> Told(IEnumerable<InstanceEvent> events) =>
        [
            .. events
                .Select(e => e.Happened)
                .Where(e => e is not (Forked or MemoryChanged))
                .Select(e =>
                    e switch
                    {
                        Stored s => s with { Heads = Heads.None },
                        Probed p => p with { Heads = Heads.None },
                        _ => e,
                    }
                )
                .Select(e =>
                    System.Text.RegularExpressions.Regex.Replace(
                        System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(e)),
                        "kept-1-fork-[0-9]+",
                        LivedStore.Parent
                    )
                ),
        ];
}
