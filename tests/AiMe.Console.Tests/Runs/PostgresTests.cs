using System.Text.Json;
using AiMe.Tests.Postgres;
using Npgsql;

namespace AiMe.Console.Tests.Runs;

/// <summary>The small world on PostgreSQL.</summary>
[Collection(nameof(World))]
public sealed class PostgresTests(World world) : IAsyncLifetime
{
    private TestServer? _server;
    private string? _database;
    private string _blobs = "";

    private string[] Place => ["--store", _database!, "--blobs", _blobs];

    public async Task InitializeAsync()
    {
        _server = await TestServer.SharedAsync();
        Skip.If(_server is null, TestServer.Missing);
        _database = await _server.NewDatabaseAsync();
        _blobs = world.NewStore();
    }

    public Task DisposeAsync() => _database is null ? Task.CompletedTask : _server!.DropAsync(_database);

    [SkippableFact]
    public async Task A_run_has_the_digest_that_it_has_on_SQLite_and_reads_the_same()
    {
        World.DigestOf(await RunAsync()).ShouldBe(world.Digest);

        File.Exists(Path.Combine(_blobs, "journal.db")).ShouldBeFalse();
        Directory.EnumerateFiles(Path.Combine(_blobs, "blobs"), "*", SearchOption.AllDirectories).ShouldNotBeEmpty();
        string[][] readings = [["list", "--json"], ["compare", "--json"], ["export", "small"], ["show", "keep-all-1", "--json"], ["replay", "frozen-2", "--json"], ["diff", "keep-all-1", "frozen-1", "--json"]];
        foreach (var reading in readings)
            (await AimeAsync([.. reading, .. Place])).Well().Output.ShouldBe((await world.ReadAsync(reading)).Well().Output, string.Join(' ', reading));
    }

    [SkippableFact]
    public async Task An_instance_is_spoken_to_and_answers_as_it_does_on_SQLite()
    {
        (await RunAsync()).Well();
        var sqlite = world.CopyOfStore();

        var said = (await AimeAsync(["inject", "keep-all-1", "Who are you?", "--json", .. Place])).Well();
        Text(said, "output").ShouldBe(Text((await AimeAsync(["inject", "keep-all-1", "Who are you?", "--json", "--store", sqlite])).Well(), "output"));

        using var talk = Aime.Listen(_blobs, ["console", "keep-all-2", "--json", .. Place]);
        talk.Say("Where is the sea?");
        (await talk.HangUpAsync()).Well().Output.ShouldContain("Where is the sea?");
        (await AimeAsync(["status", "--json", .. Place])).Well().Output.ShouldContain("\"state\":\"ended\"");
    }

    [SkippableFact]
    public async Task A_server_killed_in_the_middle_of_a_run_does_not_change_its_digest()
    {
        await using var own = await TestServer.OwnAsync();
        Skip.If(own is null, TestServer.Missing);
        using var run = Aime.Start(_blobs, ["run", world.Small, "--json", "--store", await own.NewDatabaseAsync(), "--blobs", _blobs]);
        foreach (var moment in new[] { "20% lived", "60% lived" })
        {
            await run.LineAsync(moment);
            await own.StopImmediatelyAsync();
            await own.StartAgainAsync();
        }

        World.DigestOf(await run.EndAsync()).ShouldBe(world.Digest);
    }

    [SkippableFact]
    public async Task A_run_killed_in_the_middle_goes_on_with_the_same_command()
    {
        using (var run = Aime.Start(_blobs, [.. world.Command(_database!), "--blobs", _blobs]))
        {
            await run.LineAsync("30% lived");
            run.Kill();
            await run.EndAsync();
        }

        (await AimeAsync(["doctor", .. Place])).Well().Output.ShouldContain("takes over and goes on");
        World.DigestOf(await RunAsync()).ShouldBe(world.Digest);
    }

    [SkippableFact]
    public async Task An_address_in_the_environment_may_hold_a_password_and_none_is_ever_shown()
    {
        (await RunAsync()).Well();
        var secret = $"AIME_STORE={new NpgsqlConnectionStringBuilder(_database) { Password = "sesame" }.ConnectionString}";
        foreach (string[] reading in (string[][])[["list"], ["status", "--once"], ["status", "--json"], ["show", "keep-all-1"], ["doctor"], ["doctor", "--json"], ["show", "nobody"], ["status", "--help"]])
        {
            var left = await Aime.RunAsync(_blobs, reading, secret, $"AIME_BLOBS={_blobs}");
            (left.Output + left.Errors).ShouldNotContain("sesame");
            left.Code.ShouldBe(reading.Contains("nobody") ? 2 : 0, left.Errors);
        }
    }

    [SkippableTheory]
    [InlineData("Host=localhost;Database=x;Password=sesame")]
    [InlineData("postgres://me:sesame@localhost/x")]
    public async Task A_password_on_the_command_line_is_refused(string address)
    {
        var left = await AimeAsync(["list", "--store", address]);
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("PGPASSWORD");
        left.Errors.ShouldNotContain("sesame");
        left.Output.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Doctor_tells_the_server_and_how_it_keeps_its_word()
    {
        (await AimeAsync(["doctor", .. Place])).Well().Output.ShouldContain("holds no journal yet");
        (await RunAsync()).Well();
        var checks = (await AimeAsync(["doctor", "--json", .. Place])).Well().Lines.Select(l => JsonDocument.Parse(l).RootElement).ToDictionary(c => c.GetProperty("check").GetString()!, c => c.GetProperty("found").GetString()!);
        checks["store"].ShouldContain("1 run, 8 instances, schema 1");
        checks["server"].ShouldStartWith("PostgreSQL ");
        checks["durability"].ShouldContain("fsync o");
        checks["blobs"].ShouldContain(_blobs);
    }

    [SkippableFact]
    public async Task Experiences_are_read_with_plain_SQL()
    {
        (await RunAsync()).Well();
        await using var connection = new NpgsqlConnection($"{_database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT string_agg(experience::text, E'\\n' ORDER BY cycle) FROM aime_experiences WHERE instance LIKE '%/keep-all-1' AND verdict = 'keep'", connection);
        var told = ((string)(await command.ExecuteScalarAsync())!).Split('\n').Select(e => JsonDocument.Parse(e).RootElement.GetProperty("output").GetString());
        told.ShouldBe((await world.ReadAsync("export", "keep-all-1")).Well().Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("output").GetString()));
    }

    private Task<Left> RunAsync() => AimeAsync([.. world.Command(_database!), "--blobs", _blobs]);

    private Task<Left> AimeAsync(string[] arguments) => Aime.RunAsync(_blobs, arguments);

    private static string Text(Left left, string name) => JsonDocument.Parse(left.Lines[^1]).RootElement.GetProperty(name).GetString()!;
}
