using System.Text.Json;
using AiMe.Hosts;
using AiMe.Tests.Postgres;
using Npgsql;

namespace AiMe.Console.Tests.Runs;

/// <summary>A database, and a directory for blobs with the base model in it.</summary>
public sealed record Place(TestServer Server, string Database, string Blobs)
{
    public string[] Arguments => ["--store", Database, "--blobs", Blobs];

    /// <summary>Skips the test where there is no server.</summary>
    public static async Task<Place> NewAsync(World world)
    {
        var server = await TestServer.SharedAsync();
        Skip.If(server is null, TestServer.Missing);
        return new(server, await server.NewDatabaseAsync(), world.NewStore());
    }

    public Task<Left> RunAsync(World world) => Aime.RunAsync(Blobs, [.. world.Command(Database), "--blobs", Blobs]);
}

/// <summary>One finished run of the small world, to be read.</summary>
public sealed class FinishedOnPostgres : IAsyncLifetime
{
    private Place? _place;
    private Left? _left;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task<(Place Place, Left Left)> GetAsync(World world)
    {
        _place ??= await Place.NewAsync(world);
        _left ??= (await _place.RunAsync(world)).Well();
        return (_place, _left);
    }

    public Task DisposeAsync() => _place?.Server.DropAsync(_place.Database) ?? Task.CompletedTask;
}

/// <summary>The small world on PostgreSQL.</summary>
public sealed class PostgresTests(World world, FinishedOnPostgres finished) : IClassFixture<World>, IClassFixture<FinishedOnPostgres>
{
    [SlowFact]
    public async Task A_run_has_the_digest_that_it_has_on_SQLite_and_reads_the_same()
    {
        var (place, left) = await finished.GetAsync(world);
        World.DigestOf(left).ShouldBe(world.Digest);

        File.Exists(Path.Combine(place.Blobs, "journal.db")).ShouldBeFalse();
        Directory.EnumerateFiles(Path.Combine(place.Blobs, "blobs"), "*", SearchOption.AllDirectories).ShouldNotBeEmpty();
        string[][] readings =
        [
            ["list", "--json"],
            ["compare", "--json"],
            ["export", "small"],
            ["show", "keep-all-1", "--json"],
            ["replay", "frozen-2", "--json"],
            ["diff", "keep-all-1", "frozen-1", "--json"],
        ];
        foreach (var reading in readings)
            (await Aime.RunAsync(place.Blobs, [.. reading, .. place.Arguments]))
                .Well()
                .Output.ShouldBe((await world.ReadAsync(reading)).Well().Output, string.Join(' ', reading));
    }

    [SlowFact]
    public async Task An_instance_is_spoken_to_and_answers_as_it_does_on_SQLite()
    {
        var place = await Place.NewAsync(world);
        (await place.RunAsync(world)).Well();
        var sqlite = world.CopyOfStore();

        var said = (await Aime.RunAsync(place.Blobs, ["inject", "keep-all-1", "Who are you?", "--json", .. place.Arguments])).Well();
        Text(said, "output")
            .ShouldBe(
                Text((await Aime.RunAsync(sqlite, ["inject", "keep-all-1", "Who are you?", "--json", "--store", sqlite])).Well(), "output")
            );

        using var talk = Aime.Listen(place.Blobs, ["console", "keep-all-2", "--json", .. place.Arguments]);
        talk.Say("Where is the sea?");
        (await talk.HangUpAsync()).Well().Output.ShouldContain("Where is the sea?");
        (await Aime.RunAsync(place.Blobs, ["status", "--json", .. place.Arguments])).Well().Output.ShouldContain("\"state\":\"ended\"");
        await place.Server.DropAsync(place.Database);
    }

    [SlowFact]
    public async Task Verified_without_its_blobs_a_database_is_one_message_and_no_divergence()
    {
        var (place, _) = await finished.GetAsync(world);

        var left = await Aime.RunAsync(world.NewDirectory(), ["verify", "--store", place.Database]);

        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain("name the directory with --blobs");
        (await Aime.RunAsync(world.NewDirectory(), ["verify", .. place.Arguments]))
            .Well()
            .Output.ReplaceLineEndings(" ")
            .ShouldContain("(blobs and models in ");
    }

    [SlowFact]
    public async Task A_server_killed_in_the_middle_of_a_run_does_not_change_its_digest()
    {
        await using var own = await TestServer.OwnAsync();
        Skip.If(own is null, TestServer.Missing);
        var place = new Place(own, await own.NewDatabaseAsync(), world.NewStore());
        using var run = Aime.Start(place.Blobs, ["run", world.Small, "--json", .. place.Arguments]);
        foreach (var moment in new[] { "20% of the experiences", "60% of the experiences" })
        {
            await run.LineAsync(moment);
            await own.StopImmediatelyAsync();
            await own.StartAgainAsync();
        }

        World.DigestOf(await run.EndAsync()).ShouldBe(world.Digest);
    }

    [SlowFact]
    public async Task A_run_killed_in_the_middle_goes_on_with_the_same_command()
    {
        var place = await Place.NewAsync(world);
        using (var run = Aime.Start(place.Blobs, ["run", world.Small, "--json", .. place.Arguments]))
        {
            await run.LineAsync("30% of the experiences");
            run.Kill();
            await run.EndAsync();
        }

        (await Aime.RunAsync(place.Blobs, ["doctor", .. place.Arguments])).Well().Output.ShouldContain("the same `aime run` resumes it");
        World.DigestOf(await place.RunAsync(world)).ShouldBe(world.Digest);
        await place.Server.DropAsync(place.Database);
    }

    [SlowFact]
    public async Task An_address_in_the_environment_may_hold_a_password_and_none_is_ever_shown()
    {
        var (place, _) = await finished.GetAsync(world);
        var secret = $"AIME_STORE={new NpgsqlConnectionStringBuilder(place.Database) { Password = "sesame" }.ConnectionString}";
        foreach (
            string[] reading in (string[][])
                [
                    ["list"],
                    ["status", "--once"],
                    ["status", "--json"],
                    ["show", "keep-all-1"],
                    ["doctor"],
                    ["doctor", "--json"],
                    ["show", "nobody"],
                    ["status", "--help"],
                ]
        )
        {
            var left = await Aime.RunAsync(place.Blobs, reading, secret, $"AIME_BLOBS={place.Blobs}");
            (left.Output + left.Errors).ShouldNotContain("sesame");
            left.Code.ShouldBe(reading.Contains("nobody") ? 2 : 0, left.Errors);
        }
    }

    [SlowTheory]
    [InlineData("Host=localhost;Database=x;Password=sesame")]
    [InlineData("postgres://me:sesame@localhost/x")]
    public async Task A_password_on_the_command_line_is_refused(string address)
    {
        var left = await Aime.RunAsync(world.NewDirectory(), ["list", "--store", address]);
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("PGPASSWORD");
        left.Errors.ShouldNotContain("sesame");
        left.Output.ShouldBeEmpty();
    }

    [SlowFact]
    public async Task Doctor_tells_the_server_and_how_it_keeps_its_word()
    {
        var empty = await Place.NewAsync(world);
        (await Aime.RunAsync(empty.Blobs, ["doctor", .. empty.Arguments])).Well().Output.ShouldContain("has no journal yet");
        await empty.Server.DropAsync(empty.Database);
        var (place, _) = await finished.GetAsync(world);
        var checks = (await Aime.RunAsync(place.Blobs, ["doctor", "--json", .. place.Arguments]))
            .Well()
            .Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .ToDictionary(c => c.GetProperty("check").GetString()!, c => c.GetProperty("found").GetString()!);
        checks["store"].ShouldContain("1 run, 8 instances, schema 1");
        checks["server"].ShouldStartWith("PostgreSQL ");
        checks["durability"].ShouldContain("fsync o");
        checks["blobs"].ShouldContain(place.Blobs);
    }

    [SlowFact]
    public async Task Experiences_are_read_with_plain_SQL()
    {
        var (place, _) = await finished.GetAsync(world);
        await using var connection = new NpgsqlConnection($"{place.Database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT string_agg(experience::text, E'\\n' ORDER BY cycle) FROM aime_experiences WHERE instance LIKE '%/keep-all-1' AND verdict = 'keep'",
            connection
        );
        var told = ((string)(await command.ExecuteScalarAsync())!)
            .Split('\n')
            .Select(e => JsonDocument.Parse(e).RootElement.GetProperty("output").GetString());
        told.ShouldBe(
            (await world.ReadAsync("export", "keep-all-1"))
                .Well()
                .Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("output").GetString())
        );
    }

    private static string Text(Left left, string name) => JsonDocument.Parse(left.Lines[^1]).RootElement.GetProperty(name).GetString()!;
}
