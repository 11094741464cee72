using System.Diagnostics;
using AiMe.Hosts;
using AiMe.Tests.Postgres;

namespace AiMe.Console.Tests.Runs;

/// <summary>Runs on PostgreSQL whose server is away for a while: longer than anything but the run would wait for it.</summary>
public sealed class PostgresOutageTests(World world) : IClassFixture<World>
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(8);

    [SlowFact]
    public async Task A_server_that_is_away_in_mid_run_is_told_once_changes_no_digest_and_parks_nobody()
    {
        await using var server = await OwnAsync();
        var place = new Place(server, await server.NewDatabaseAsync(), world.NewStore());
        using var run = Start(place);
        await run.LineAsync("30% of the experiences");
        await server.StopImmediatelyAsync();
        await run.LineAsync("is unavailable");
        await Task.Delay(Outage);
        run.HasEnded.ShouldBeFalse();
        await server.StartAgainAsync();

        var left = await run.EndAsync();
        World.DigestOf(left).ShouldBe(world.Digest);
        var told = left.Errors.Split('\n').Where(l => l.Contains("server", StringComparison.Ordinal)).ToArray();
        told.Length.ShouldBe(2, left.Errors);
        told[0].ShouldContain("Waiting for at most 3 min");
        told[1].ShouldContain("is available again after");
        left.Errors.ShouldNotContain("restart", Case.Insensitive);
        (await Aime.RunAsync(place.Blobs, ["status", "--once", .. place.Arguments])).Well().Output.ShouldContain("8 finished, 0 parked");
        (await Aime.RunAsync(place.Blobs, ["verify", .. place.Arguments])).Well();
    }

    [SlowFact]
    public async Task A_server_that_stays_away_ends_the_run_with_one_message_and_the_same_command_goes_on()
    {
        await using var server = await OwnAsync();
        var place = new Place(server, await server.NewDatabaseAsync(), world.NewStore());
        using (var run = Start(place, "AIME_STORE_PATIENCE=1"))
        {
            await run.LineAsync("30% of the experiences");
            await server.StopImmediatelyAsync();
            var left = await run.EndAsync();
            left.Code.ShouldBe(1, left.Errors);
            left.Output.ShouldBeEmpty();
            var error = left.Errors.Split('\n').Where(l => l.StartsWith("error:", StringComparison.Ordinal)).ShouldHaveSingleItem();
            foreach (var part in new[] { "127.0.0.1", "is still unreachable after 1", "run the same command again", "AIME_STORE_PATIENCE" })
                error.ShouldContain(part);
            left.Errors.ShouldNotContain("   at ", Case.Sensitive, "a server that is away is no bug");
        }

        await server.StartAgainAsync();
        World.DigestOf(await place.RunAsync(world)).ShouldBe(world.Digest);
    }

    [SlowFact]
    public async Task Who_interrupts_twice_while_the_server_is_away_waits_for_it_no_longer()
    {
        await using var server = await OwnAsync();
        var place = new Place(server, await server.NewDatabaseAsync(), world.NewStore());
        using (var run = Start(place))
        {
            await run.LineAsync("30% of the experiences");
            await server.StopImmediatelyAsync();
            await run.LineAsync("is unavailable");
            var waited = Stopwatch.StartNew();
            run.Interrupt();
            await run.LineAsync("a second signal ends at once");
            run.Interrupt();
            var left = await run.EndAsync();
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
            left.Code.ShouldBe(1, left.Errors);
            left.Errors.ShouldContain("is still unreachable");
        }

        await server.StartAgainAsync();
        World.DigestOf(await place.RunAsync(world)).ShouldBe(world.Digest);
    }

    private static async Task<TestServer> OwnAsync()
    {
        var server = await TestServer.OwnAsync();
        Skip.If(server is null, TestServer.Missing);
        return server;
    }

    private Aime Start(Place place, params string[] environment) =>
        Aime.Start(place.Blobs, ["run", world.Small, "--json", .. place.Arguments], environment);
}
