using System.Diagnostics;
using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

public sealed class JournalTests(World world) : IClassFixture<World>
{
    private const string Experiences = "SELECT experience FROM aime_experiences";

    // Without our view: what anybody finds in the tables themselves.
    private const string Plain = """
        SELECT json_object('input', json_extract(message, '$.d.input'), 'output', json_extract(message, '$.d.output'),
                           'reflection', json_extract(message, '$.d.reflection'), 'timestamp', json_extract(message, '$.d.timestamp'))
        FROM (SELECT ordering, CAST(message AS TEXT) AS message FROM journal WHERE manifest = 'memory.stored@1') ORDER BY ordering
        """;

    [Fact]
    public async Task Every_experience_is_json_of_input_output_reflection_and_timestamp() =>
        ShouldBeExperiences(await World.QueryAsync(world.Store, Experiences));

    [Fact]
    public async Task The_tables_themselves_say_the_same_as_the_view() =>
        (await World.QueryAsync(world.Store, Plain)).ShouldBe(await World.QueryAsync(world.Store, Experiences));

    [SkippableTheory]
    [InlineData(Experiences)]
    [InlineData(Plain)]
    public async Task The_sqlite3_shell_reads_them_too(string query)
    {
        Skip.IfNot(Installed("sqlite3"), "the sqlite3 shell is not installed");
        using var shell = Process.Start(
            new ProcessStartInfo("sqlite3", ["-readonly", Path.Combine(world.Store, "journal.db"), query])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        shell.ExitCode.ShouldBe(0);
        ShouldBeExperiences([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    [Fact]
    public async Task No_sequence_has_a_gap_and_each_stream_begins_at_1() =>
        (
            await World.QueryAsync(
                world.Store,
                "SELECT persistence_id FROM journal GROUP BY persistence_id HAVING min(sequence_number) <> 1 OR max(sequence_number) <> count(*)"
            )
        ).ShouldBeEmpty();

    [Fact]
    public async Task One_process_is_one_writer() =>
        (await World.QueryAsync(world.Store, "SELECT DISTINCT writer_uuid FROM journal")).ShouldHaveSingleItem();

    private static void ShouldBeExperiences(List<string> rows)
    {
        rows.Count.ShouldBe(8 * 12);
        foreach (var row in rows)
        {
            var json = JsonDocument.Parse(row).RootElement;
            json.EnumerateObject().Select(p => p.Name).ShouldBe(["input", "output", "reflection", "timestamp"]);
            json.GetProperty("input").GetString().ShouldNotBeNullOrWhiteSpace();
            json.GetProperty("output").GetString().ShouldNotBeNullOrWhiteSpace();
            json.GetProperty("reflection").GetString().ShouldNotBeNull();
            json.GetProperty("timestamp").GetString()!.ShouldMatch(@"^2026-01-01 00:\d\d:00$");
        }
    }

    private static bool Installed(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(p => p.Length > 0 && File.Exists(Path.Combine(p, tool)));
}
