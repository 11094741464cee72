using System.Globalization;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Hosts;
using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

/// <summary>What a bad day gives: a message that says where and what to do, and then the same command goes on, to the same digest.</summary>
public sealed class CrashSafetyTests(World world) : IClassFixture<World>
{
    private const int Killed = 128 + 9;

    // Fewer instances than the world's run, so that each trial takes seconds; its digest is another one.
    internal static readonly string[] Short = ["--set", "replicates=1"];

    [SlowFact]
    public async Task Killed_at_random_moments_and_resumed_it_gives_the_same_digest_and_verifies()
    {
        var trials = Environment.GetEnvironmentVariable("AIME_KILL_TRIALS") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : 4;
        var seed = Environment.GetEnvironmentVariable("AIME_KILL_SEED") is { Length: > 0 } other
            ? ulong.Parse(other, CultureInfo.InvariantCulture)
            : 1;
        var (undisturbed, total) = await UndisturbedAsync(world);
        var kills = 0;
        for (var trial = 1; trial <= trials; trial++)
        {
            var store = world.NewStore();
            var moments = new Seed(seed).Derive("trial", trial);
            for (var (kill, at) = (1, 0); kill <= 3; kill++)
            {
                at += 1 + (int)(moments.Derive("kill", kill).Unit() * total * 0.45);
                if (await KillAtAsync(store, at))
                    kills++;
            }

            var where = $"trial {trial} of seed {seed}";
            World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed, where);
            (await Aime.RunAsync(store, ["verify", "--store", store])).Code.ShouldBe(0, where);
            (await World.QueryAsync(store, "SELECT count(*) FROM aime_experiences")).ShouldBe(["24"], where);
            Directory.Delete(store, recursive: true);
        }

        kills.ShouldBeGreaterThanOrEqualTo(trials, "the moments must lie within the run");
    }

    [SlowFact]
    public async Task A_full_disk_ends_the_run_with_its_path_and_with_space_the_same_command_goes_on()
    {
        var (undisturbed, _) = await UndisturbedAsync(world);
        using var disk = Tmpfs.Mount(world.NewDirectory(), "2200k");
        var store = Path.Combine(disk.Path, "store");
        CopyModels(store);
        // The name of the run cannot be given back on a full disk: only the end of its process frees it.
        var left = await world.RunProcessAsync(store, Short);
        left.Code.ShouldBe(1, left.Errors);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain(store);
        left.Errors.ShouldContain("free some space");
        left.Errors.ShouldNotContain("   at ", Case.Sensitive, "a full disk is no bug");

        disk.Remount("size=64m");
        World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed);
        (await Aime.RunAsync(disk.Path, ["verify", "--store", store])).Well();
    }

    [SlowFact]
    public async Task A_read_only_store_is_read_and_verified_refused_for_a_run_and_resumed_when_it_may_be_written()
    {
        var (undisturbed, total) = await UndisturbedAsync(world);
        using var disk = Tmpfs.Mount(world.NewDirectory(), "64m");
        var store = Path.Combine(disk.Path, "store");
        CopyModels(store);
        await KillAtAsync(store, total / 2);
        (await Aime.RunAsync(disk.Path, ["list", "--store", store])).Well(); // whoever reads last empties the log, which a read-only medium could not
        disk.Remount("ro");
        foreach (var command in new[] { "list", "verify", "status", "compare" })
            (await Aime.RunAsync(disk.Path, [command, "--store", store])).Well();
        var refused = await world.RunAsync(store, Short);
        refused.Code.ShouldBe(2, refused.Errors);
        refused.Errors.ShouldContain(store);
        refused.Errors.ShouldContain("choose another --store");

        disk.Remount("rw");
        World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed);
    }

    [SlowFact]
    public async Task A_store_that_another_program_holds_locked_is_refused_with_its_path_and_then_goes_on()
    {
        var (undisturbed, total) = await UndisturbedAsync(world);
        var store = world.NewStore();
        await KillAtAsync(store, total / 2);
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(store, "journal.db")};Pooling=False"))
        {
            await other.OpenAsync();
            Execute(other, "BEGIN EXCLUSIVE");
            var refused = await world.RunAsync(store, Short);
            refused.Code.ShouldBe(2, refused.Errors);
            refused.Errors.ShouldContain($"{Path.Combine(store, "journal.db")} is locked by another process: wait for it or stop it");
            (await Aime.RunAsync(store, ["list", "--store", store])).Well();
        }

        World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed);
    }

    [SlowFact]
    public async Task A_torn_blob_is_named_with_its_digest_and_a_half_written_one_is_nobody_s()
    {
        var (undisturbed, _) = await UndisturbedAsync(world);
        var store = world.NewStore();
        string[] trained = [];
        for (var at = 120; trained.Length == 0; at += 60) // until a training has ended: which one, and when, is a matter of scheduling
        {
            await KillAtAsync(store, at);
            trained =
            [
                .. await World.QueryAsync(
                    store,
                    "SELECT json_extract(CAST(message AS TEXT), '$.d.candidate') FROM journal WHERE manifest LIKE 'trainer.trained@%' LIMIT 1"
                ),
            ];
        }

        var run = trained[0];
        var blob = Path.Combine(store, "blobs", run[..2], run[2..4], run);
        var whole = await File.ReadAllBytesAsync(blob);
        await File.WriteAllBytesAsync(blob, whole[..(whole.Length / 2)]);
        await File.WriteAllBytesAsync($"{blob}.0123abcd.part-999999", whole[..10]);

        var left = await world.RunAsync(store, Short);
        left.Code.ShouldBe(1, left.Errors);
        left.Errors.ShouldContain($"The blob {blob} is damaged: expected SHA-256 {run}");
        var verified = await Aime.RunAsync(store, ["verify", "--store", store, "--json"]);
        verified.Code.ShouldBe(5);
        Divergences(verified).Select(d => d.GetProperty("expected").GetString()).ShouldBe([run]);
        (await Aime.RunAsync(store, ["doctor", "--json", "--store", store])).Output.ShouldContain($"{run}.0123abcd.part-999999");

        await File.WriteAllBytesAsync(blob, whole);
        World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed);
        (await Aime.RunAsync(store, ["verify", "--store", store])).Well();
    }

    [SlowFact]
    public async Task A_half_written_model_is_never_taken_for_one_and_a_damaged_one_says_what_to_delete()
    {
        var (undisturbed, _) = await UndisturbedAsync(world);
        var store = world.NewStore();
        var model = Directory.GetDirectories(Path.Combine(store, "models"), "nano-*").Single();
        var weights = Path.Combine(model, "model.safetensors");
        await File.WriteAllBytesAsync(weights, (await File.ReadAllBytesAsync(weights))[..1000]);
        var left = await world.RunAsync(store, Short);
        left.Code.ShouldBe(1, left.Errors);
        left.Errors.ShouldContain($"The base model in {model} is damaged");
        left.Errors.ShouldContain("Delete the directory");

        Directory.Move(model, $"{model}.part-999999"); // as a process leaves it that was killed while it wrote
        World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed, "it is trained again, to the same bits");
        (await Aime.RunAsync(store, ["verify", "--store", store])).Well();
    }

    [SlowFact]
    public async Task A_clock_that_jumps_back_and_forth_changes_nothing()
    {
        var (undisturbed, total) = await UndisturbedAsync(world);
        var store = world.NewStore();
        await KillAtAsync(store, total / 2);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(store, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            Execute(connection, "UPDATE journal SET created = created + (abs(random()) % 7300 - 3650) * 864000000000"); // up to ten years before and after
        }

        World.DigestOf(await world.RunAsync(store, Short)).ShouldBe(undisturbed);
        foreach (var command in new[] { "verify", "list", "compare", "status" })
            (await Aime.RunAsync(store, [command, "--store", store])).Well();
    }

    [SlowFact]
    public async Task A_run_that_syncs_less_often_is_the_same_run()
    {
        var (undisturbed, _) = await UndisturbedAsync(world);
        World.DigestOf(await world.RunAsync(world.NewStore(), [.. Short, "--synchronous", "normal"])).ShouldBe(undisturbed);
        var wrong = await world.RunAsync(world.NewStore(), [.. Short, "--synchronous", "ful"]);
        wrong.Code.ShouldBe(2);
        wrong.Errors.ShouldContain("expected one of full, normal; did you mean 'full'?");
    }

    private static IEnumerable<JsonElement> Divergences(Left verified) =>
        JsonDocument.Parse(verified.Output).RootElement.GetProperty("divergences").EnumerateArray();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static (string Digest, int Rows)? s_undisturbed;

    internal static async Task<(string Digest, int Rows)> UndisturbedAsync(World world)
    {
        if (s_undisturbed is { } known)
            return known;
        var store = world.NewStore();
        var digest = World.DigestOf(await world.RunAsync(store, Short));
        s_undisturbed = (
            digest,
            int.Parse((await World.QueryAsync(store, "SELECT count(*) FROM journal"))[0], CultureInfo.InvariantCulture)
        );
        return s_undisturbed.Value;
    }

    // Whether it was still running when that moment came.
    private async Task<bool> KillAtAsync(string store, int rows)
    {
        using JournalWatch watch = new(store);
        using var aime = Aime.Start(store, world.Command(store, Short));
        var end = aime.EndAsync();
        await watch.RowsAsync(rows, end);
        aime.Kill();
        return (await end).Code == Killed;
    }

    private void CopyModels(string store)
    {
        Directory.CreateDirectory(store);
        var from = world.NewStore();
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(store, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
