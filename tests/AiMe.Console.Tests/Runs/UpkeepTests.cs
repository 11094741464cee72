using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

/// <summary><c>delete</c>, <c>gc</c>, <c>probe</c> and <c>doctor --take-over</c>, as a user meets them.</summary>
public sealed class UpkeepTests(World world) : IClassFixture<World>
{
    private const string Orphan = "aa/aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task A_run_is_deleted_with_all_that_is_its_own_and_can_be_run_again_to_the_same_digest()
    {
        var store = world.CopyOfStore();
        var run = JsonDocument.Parse(world.First.Output).RootElement.GetProperty("run").GetString()!;

        var planned = Json((await Aime.RunAsync(store, ["delete", run, "--dry-run", "--json", "--store", store])).Well());
        (planned.GetProperty("instances").GetInt32(), planned.GetProperty("dryRun").GetBoolean()).ShouldBe((8, true));
        (await World.QueryAsync(store, "SELECT count(*) FROM journal")).ShouldNotBe(["0"]);

        var asked = await Aime.RunAsync(store, ["delete", run, "--store", store]);
        asked.Code.ShouldBe(2);
        asked.Errors.ShouldContain("expected --yes. Nothing was changed.");

        var deleted = Json((await Aime.RunAsync(store, ["delete", run, "--yes", "--json", "--store", store])).Well());
        deleted.GetProperty("events").GetInt64().ShouldBe(planned.GetProperty("events").GetInt64());
        foreach (var table in (string[])["journal", "snapshot", "aime_owner", "aime_inbox"])
            (await World.QueryAsync(store, $"SELECT count(*) FROM {table}")).ShouldBe(["0"], table);
        Blobs(store).Length.ShouldBeLessThanOrEqualTo(2, "the corpus and the base model may be needed by a process that prepares a run");

        World.DigestOf(await world.RunAsync(store)).ShouldBe(world.Digest);
    }

    [Fact]
    public async Task Unused_blobs_and_superseded_checkpoints_go_and_the_store_is_still_verified()
    {
        var store = world.CopyOfStore();
        var orphan = Path.Combine(store, "blobs", Orphan);
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        await File.WriteAllTextAsync(orphan, "nobody's");
        File.SetLastWriteTimeUtc(orphan, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var planned = Json(
            (await Aime.RunAsync(store, ["gc", "--checkpoints", "superseded", "--dry-run", "--json", "--store", store])).Well()
        );
        planned.GetProperty("unusedBlobs").GetInt32().ShouldBe(1);
        var superseded = planned.GetProperty("supersededCheckpoints").GetInt32();
        superseded.ShouldBeGreaterThan(0);
        File.Exists(orphan).ShouldBeTrue();

        var done = Json((await Aime.RunAsync(store, ["gc", "--checkpoints", "superseded", "--json", "--store", store])).Well());
        done.GetProperty("supersededCheckpoints").GetInt32().ShouldBe(superseded);
        done.GetProperty("journalBytes").ValueKind.ShouldBe(JsonValueKind.Number);
        File.Exists(orphan).ShouldBeFalse();

        var verified = (await Aime.RunAsync(store, ["verify", "--store", store])).Well();
        verified.Output.ShouldContain("nothing diverges");
        string.Join(' ', verified.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain($"the weights of {superseded} superseded checkpoints: `aime gc` removed them");
        (await Aime.RunAsync(store, ["replay", "keep-all-1", "--to", "3", "--plain", "--store", store])).Errors.ShouldContain(
            "`aime gc` removed"
        );
        var back = await Aime.RunAsync(store, ["models", "rollback", "keep-all-1", "--store", store]);
        back.Code.ShouldBe(2, back.Errors);
        back.Errors.ShouldContain("`aime gc` removed the weights of");

        string[] export = ["export", "keep-all-1", "--as", "instance", "--out", Path.Combine(store, "kept.jsonl"), "--store", store];
        var refused = await Aime.RunAsync(store, export);
        refused.Code.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain("use --without-weights");
        (await Aime.RunAsync(store, [.. export, "--without-weights"])).Well();
    }

    [Fact]
    public async Task An_instance_is_probed_and_its_journal_stays_as_it_was()
    {
        var store = world.CopyOfStore();
        var before = await World.QueryAsync(store, "SELECT count(*) || '/' || max(ordering) FROM journal");

        var probed = Json((await Aime.RunAsync(store, ["probe", "keep-all-1", "--json", "--store", store])).Well());

        probed.GetProperty("instance").GetString().ShouldBe("keep-all-1");
        probed.GetProperty("generation").GetInt32().ShouldBe(3);
        probed.GetProperty("bareDrift").GetDouble().ShouldBeGreaterThan(0);
        probed.GetProperty("open").GetArrayLength().ShouldBeGreaterThan(0);
        probed.GetProperty("choices")[0].GetProperty("agent")[0].GetArrayLength().ShouldBeGreaterThan(1);
        (await World.QueryAsync(store, "SELECT count(*) || '/' || max(ordering) FROM journal")).ShouldBe(before);
    }

    [Fact]
    public async Task An_instance_that_is_not_parked_has_nothing_to_retry()
    {
        var left = await world.ReadAsync("retry", "keep-all-1");

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("keep-all-1 is not parked, so there is nothing to retry");
    }

    [Fact]
    public async Task What_a_dead_process_still_holds_is_told_and_freed()
    {
        var store = world.CopyOfStore();
        await OwnAsync(store, "some-run/a-1", TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1));

        var told = await Aime.RunAsync(store, ["doctor", "--store", store]);
        told.Output.ShouldContain("process 100 on omega, which has ended, holds some-run/a-1");
        var freed = (await Aime.RunAsync(store, ["doctor", "--take-over", "--yes", "--json", "--store", store])).Well();
        (Json(freed).GetProperty("processes").GetInt32(), Json(freed).GetProperty("names").GetInt32()).ShouldBe((1, 1));
        (await World.QueryAsync(store, "SELECT epoch FROM aime_owner WHERE name = 'some-run/a-1' AND writer IS NULL")).ShouldBe(["8"]);
    }

    [Fact]
    public async Task What_a_live_process_holds_is_not_freed()
    {
        var store = world.CopyOfStore();
        await OwnAsync(store, "some-run/a-1", TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(-1));

        var left = await Aime.RunAsync(store, ["doctor", "--take-over", "--yes", "--store", store]);

        left.Code.ShouldBe(1, left.Errors);
        left.Errors.ShouldContain("it is alive and keeps them");
        left.Output.ShouldContain("Nothing was freed.");
    }

    private static JsonElement Json(Left left) => JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement;

    private static string[] Blobs(string store) => Directory.GetFiles(Path.Combine(store, "blobs"), "*", SearchOption.AllDirectories);

    private static async Task OwnAsync(string store, string name, DateTimeOffset heartbeat)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(store, "journal.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO aime_owner VALUES ($name, 7, $at, 'omega', 100, 's', 'far')";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$at", heartbeat.UtcTicks);
        await command.ExecuteNonQueryAsync();
    }
}
