using System.Globalization;
using AiMe.EventSourcing;
using AiMe.Hosts;
using AiMe.Tests.Postgres;
using Npgsql;

namespace AiMe.Console.Tests.Runs;

/// <summary>Runs on PostgreSQL whose process, or whose server, is killed at random moments.</summary>
public sealed class PostgresKillTests(World world) : IClassFixture<World>
{
    [SlowFact]
    public async Task Killed_at_random_moments_the_client_or_the_server_it_gives_the_same_digest_and_verifies()
    {
        var trials = Environment.GetEnvironmentVariable("AIME_KILL_TRIALS") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : 4;
        var seed = Environment.GetEnvironmentVariable("AIME_KILL_SEED") is { Length: > 0 } other
            ? ulong.Parse(other, CultureInfo.InvariantCulture)
            : 1;
        await using var own = await TestServer.OwnAsync();
        Skip.If(own is null, TestServer.Missing);
        var (undisturbed, total) = await CrashSafetyTests.UndisturbedAsync(world);
        var (clients, servers) = (0, 0);
        for (var trial = 1; trial <= trials; trial++)
        {
            var (place, dice) = (new Place(own, await own.NewDatabaseAsync(), world.NewStore()), new Seed(seed).Derive("trial", trial));
            var (first, second) = (
                1 + (int)(dice.Derive("first").Unit() * total * 0.45),
                1 + (int)(dice.Derive("second").Unit() * total * 0.45)
            );
            clients += await KillClientAsync(place, first) ? 1 : 0;
            servers += await StopServerAsync(place, own, first + second, undisturbed) ? 1 : 0;

            var where = $"trial {trial} of seed {seed}";
            World.DigestOf(await RunAsync(place)).ShouldBe(undisturbed, where);
            (await Aime.RunAsync(place.Blobs, ["verify", .. place.Arguments])).Code.ShouldBe(0, where);
            await own.DropAsync(place.Database);
            Directory.Delete(place.Blobs, recursive: true);
        }

        clients.ShouldBeGreaterThan(0, "the moments must lie within the run");
        servers.ShouldBeGreaterThan(0, "the moments must lie within the run");
    }

    // Whether it was still running when that moment came.
    private async Task<bool> KillClientAsync(Place place, int rows)
    {
        using var aime = Start(place);
        var end = aime.EndAsync();
        await RowsAsync(place, rows, end);
        aime.Kill();
        return (await end).Code != 0;
    }

    // The process waits for the server, and goes on as if nothing had been.
    private async Task<bool> StopServerAsync(Place place, TestServer server, int rows, string undisturbed)
    {
        using var aime = Start(place);
        var end = aime.EndAsync();
        await RowsAsync(place, rows, end);
        var within = !end.IsCompleted;
        await server.StopImmediatelyAsync();
        await server.StartAgainAsync();
        World.DigestOf(await end).ShouldBe(undisturbed);
        return within;
    }

    private Aime Start(Place place) =>
        Aime.Start(place.Blobs, [.. world.Command(place.Database, CrashSafetyTests.Short), "--blobs", place.Blobs]);

    private Task<Left> RunAsync(Place place) =>
        Aime.RunAsync(place.Blobs, [.. world.Command(place.Database, CrashSafetyTests.Short), "--blobs", place.Blobs]);

    /// <summary>Asks until the journal has at least so many rows, or the process has ended.</summary>
    private static async Task RowsAsync(Place place, int rows, Task ended)
    {
        await using var connection = new NpgsqlConnection($"{place.Database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT CASE WHEN to_regclass('journal') IS NULL THEN 0 ELSE (SELECT coalesce(max(last_value), 0) FROM pg_sequences WHERE sequencename = 'journal_ordering_seq') END",
            connection
        );
        while (!ended.IsCompleted && Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) < rows)
            await Task.Yield();
    }
}
