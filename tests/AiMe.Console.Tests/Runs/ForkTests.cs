using System.Security.Cryptography;
using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>Forks of recorded instances, and recorded instances under other policies, by the real console.</summary>
public sealed class ForkTests(World world) : IClassFixture<World>
{
    private const string RowsOf =
        "SELECT persistence_id || ' ' || sequence_number || ' ' || manifest || ' ' || hex(message) FROM journal WHERE persistence_id LIKE '%/{0}/%' ORDER BY persistence_id, sequence_number";

    [Fact]
    public async Task A_fork_in_the_middle_of_a_cycle_repeats_its_parents_events_and_leaves_it_and_the_digest_alone()
    {
        var store = world.CopyOfStore();
        var before = await World.QueryAsync(store, string.Format(RowsOf, "keep-all-1"));
        var report = Json(await RunAsync(store, "fork", "keep-all-1@43", "--as", "again"));
        report.GetProperty("over").GetBoolean().ShouldBeTrue();
        (await World.QueryAsync(store, string.Format(RowsOf, "keep-all-1"))).ShouldBe(before);
        var pairs = (await RunAsync(store, "diff", "keep-all-1", "again", "--changed")).Well();
        pairs.Lines.ShouldBeEmpty("no answer differs");
        World.DigestOf(await Aime.RunAsync(store, world.Command(store))).ShouldBe(world.Digest);
    }

    [SlowFact]
    public async Task A_fork_that_is_killed_while_it_runs_goes_on_with_the_same_command_to_the_same_end()
    {
        string[] fork = ["fork", "keep-all-2@30", "--set", "curate=[{random: 0.5}]", "--set", "seed=11"];
        var undisturbed = DigestOf(await RunAsync(world.CopyOfStore(), fork));
        var store = world.CopyOfStore();
        using (var watch = new JournalWatch(store))
        using (var killed = Aime.Start(store, [.. fork, "--json", "--store", store]))
        {
            var left = killed.EndAsync();
            await watch.RowsAsync(int.Parse((await World.QueryAsync(world.Store, "SELECT count(*) FROM journal"))[0]) + 60, left);
            killed.Kill();
            await left;
        }

        var report = Json(await RunAsync(store, fork));
        report.GetProperty("forks")[0].GetProperty("instance").GetString().ShouldBe("keep-all-2-fork-1");
        report.GetProperty("forks")[0].GetProperty("digest").GetString().ShouldBe(undisturbed);
    }

    [Fact]
    public async Task A_run_that_another_process_runs_is_not_forked_and_the_process_is_named()
    {
        var store = world.NewStore();
        using var watch = new JournalWatch(store);
        using var run = Aime.Start(store, world.Command(store, "--set", "replicates=200")); // long enough to outlive the fork
        var ended = run.EndAsync();
        await watch.RowsAsync(40, ended);
        var left = await RunAsync(store, "fork", "keep-all-1@3");
        ended.IsCompleted.ShouldBeFalse();
        (left.Code, left.Output).ShouldBe((2, ""));
        left.Errors.ShouldContain($"process {run.Id} on");
        run.Interrupt();
        (await ended).Code.ShouldBe(130);
    }

    [Fact]
    public async Task A_fork_that_is_only_made_is_finished_by_the_run()
    {
        var store = world.CopyOfStore();
        (await RunAsync(store, "fork", "frozen-1@g1", "--no-run")).Well();
        Instance(await RunAsync(store, "list"), "frozen-1-fork-1").GetProperty("status").GetString().ShouldBe("living");
        World.DigestOf(await Aime.RunAsync(store, world.Command(store))).ShouldBe(world.Digest);
        var instance = Instance(await RunAsync(store, "list"), "frozen-1-fork-1");
        (instance.GetProperty("status").GetString(), instance.GetProperty("parent").GetString()).ShouldBe(("finished", "frozen-1"));
    }

    [Theory]
    [InlineData("expected an instance and one of its events", "keep-all-1")]
    [InlineData("found event 9999, expected 1 to", "keep-all-1@9999")]
    [InlineData("found 'x7'", "keep-all-1@x7")]
    [InlineData("did you mean 'keep-all-1'?", "keep-all-11@4")]
    [InlineData("did you mean 'curate'?", "keep-all-1@4", "--set", "curat=[keep-all]")]
    [InlineData("the charter of an instance and of its forks is fixed", "keep-all-1@4", "--set", "charter=other.yaml")]
    [InlineData("it belongs to the run", "keep-all-1@4", "--set", "stimuli.count=3")]
    [InlineData("only the seed is changed", "keep-all-1@4", "--replicates", "3")]
    [InlineData("already has another instance 'frozen-2'", "keep-all-1@4", "--as", "frozen-2")]
    [InlineData("expected at most 64", "keep-all-1@4", "--as", "a-name-that-is-much-longer-than-any-name-of-an-instance-may-ever-be")]
    public async Task What_cannot_be_forked_is_told_and_nothing_is_written(string expected, params string[] arguments)
    {
        var rows = await World.QueryAsync(world.Store, "SELECT count(*) FROM journal");
        var left = await world.ReadAsync(["fork", .. arguments, "--json"]);
        (left.Code, left.Output).ShouldBe((2, ""));
        left.Errors.ShouldContain(expected);
        (await World.QueryAsync(world.Store, "SELECT count(*) FROM journal")).ShouldBe(rows);
    }

    [Fact]
    public async Task A_counterfactual_with_replicates_says_what_its_intervals_are_over()
    {
        var store = world.CopyOfStore();
        var report = Json(
            await RunAsync(store, "fork", "keep-all-3@g1", "--set", "curate=[keep-none]", "--replicates", "2", "--as", "what-if")
        );
        report.GetProperty("forks").GetArrayLength().ShouldBe(4);
        var comparison = report.GetProperty("comparison");
        comparison.GetProperty("over").GetString().ShouldBe("sampling and training after the event, within one instance");
        var kept = comparison.GetProperty("measures").EnumerateArray().Single(m => m.GetProperty("measure").GetString() == "acceptance");
        kept.GetProperty("difference").GetProperty("mean").GetDouble().ShouldBe(-1);
        (
            await Aime.RunAsync(
                store,
                ["fork", "keep-all-3@g1", "--set", "curate=[keep-none]", "--replicates", "2", "--as", "what-if", "--store", store]
            )
        )
            .Well()
            .Output.ShouldContain("They do not generalize to other instances");
    }

    [Fact]
    public async Task Recuration_needs_no_model_and_gives_the_sets_that_were_trained_on()
    {
        var store = world.CopyOfStore();
        Directory.Delete(Path.Combine(store, "models"), recursive: true); // were a model wanted, it would be missed
        Directory.Delete(Path.Combine(store, "blobs"), recursive: true);
        var directory = Path.Combine(world.NewDirectory(), "sets");
        var json = Json(
            await RunAsync(store, "recurate", "keep-all-1", "--policy", "frozen", "--policy", "[{random: 0.5}]", "--out", directory)
        );
        json.GetProperty("diverged").GetArrayLength().ShouldBe(0);
        json.GetProperty("policies").EnumerateArray().Select(p => p.GetProperty("jaccard").GetDouble()).First().ShouldBe(1);
        var batches = await World.QueryAsync(
            store,
            "SELECT json_extract(CAST(message AS TEXT), '$.d.batch') FROM journal WHERE manifest = 'trainer.sealed@1' AND persistence_id LIKE '%/keep-all-1/trainer' ORDER BY sequence_number"
        );
        batches.Count.ShouldBe(3);
        for (var round = 1; round <= batches.Count; round++)
            Convert
                .ToHexStringLower(
                    SHA256.HashData(
                        await File.ReadAllBytesAsync(
                            Directory
                                .GetFiles(directory, $"round-{round:000}.jsonl", SearchOption.AllDirectories)
                                .Single(f => f.Contains("0-as-it-was", StringComparison.Ordinal))
                        )
                    )
                )
                .ShouldBe(batches[round - 1]);
    }

    [Theory]
    [InlineData("did you mean 'keep-all'?", "--policy", "keep-al")]
    [InlineData("--policy:1:3: curate[0]", "--policy", "[{dedup: 0.9}]")]
    [InlineData("is not empty", "--policy", "keep-all", "--out", ".")]
    public async Task What_cannot_be_judged_by_is_told(string expected, params string[] arguments)
    {
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(world.Store)!, "something"), "");
        var left = await world.ReadAsync(["recurate", "keep-all-1", .. arguments, "--json"]);
        (left.Code, left.Output).ShouldBe((2, ""));
        left.Errors.ShouldContain(expected);
    }

    private static Task<Left> RunAsync(string store, params string[] arguments) =>
        Aime.RunAsync(store, [.. arguments, "--json", "--store", store]);

    private static JsonElement Json(Left left) => JsonDocument.Parse(left.Well().Output).RootElement;

    private static string DigestOf(Left left) => Json(left).GetProperty("forks")[0].GetProperty("digest").GetString()!;

    private static JsonElement Instance(Left left, string name) =>
        left.Well().Lines.Select(l => JsonDocument.Parse(l).RootElement).First(l => l.GetProperty("instance").GetString() == name);
}
