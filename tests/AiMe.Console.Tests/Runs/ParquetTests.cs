using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;

namespace AiMe.Console.Tests.Runs;

/// <summary>Exported Parquet files, read by DuckDB as a notebook would.</summary>
public sealed class ParquetTests(World world) : IClassFixture<World>
{
    private static readonly SemaphoreSlim s_gate = new(1, 1);
    private static string? s_folder;

    [Fact]
    public async Task Every_event_of_the_journal_is_a_row_with_its_payload()
    {
        var folder = await FolderAsync();

        var journal = await World.QueryAsync(world.Store, "SELECT COUNT(*) FROM journal");
        Query(folder, "SELECT COUNT(*) FROM events").ShouldBe(journal);
        Query(folder, "SELECT events FROM runs").ShouldBe(journal);
        Query(folder, "SELECT SUM(events) FROM instances")
            .ShouldBe(Query(folder, "SELECT COUNT(*) FROM events WHERE instance IS NOT NULL"));
        var streams = await World.QueryAsync(
            world.Store,
            "SELECT persistence_id || ' ' || sequence_number || ' ' || manifest || ' ' || json_extract(message, '$.i') FROM journal ORDER BY 1"
        );
        Query(folder, "SELECT stream || ' ' || sequence_number || ' ' || manifest || ' ' || index FROM events ORDER BY 1")
            .Order(StringComparer.Ordinal)
            .ShouldBe(streams.Order(StringComparer.Ordinal));
        Query(folder, "SELECT COUNT(*) FROM events WHERE faculty = 'memory' AND manifest LIKE 'memory.stored@%'")
            .ShouldBe(Query(folder, "SELECT COUNT(*) FROM experiences"));
        Query(folder, "SELECT payload->>'$.output' FROM events WHERE manifest LIKE 'memory.stored@%' ORDER BY instance, index")
            .ShouldBe(Query(folder, "SELECT output FROM experiences ORDER BY instance, cycle"));
    }

    [Fact]
    public async Task The_time_of_writing_is_the_journals_to_the_microsecond()
    {
        const long Epoch = 621_355_968_000_000_000; // ticks of 1970
        var written = (await World.QueryAsync(world.Store, "SELECT created FROM journal")).Select(t =>
            (long.Parse(t, CultureInfo.InvariantCulture) - Epoch) / 10
        );
        Query(await FolderAsync(), "SELECT epoch_us(written_at) FROM events ORDER BY 1")
            .ShouldBe(written.Order().Select(t => t.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task No_column_has_bounds_by_which_a_reader_would_skip_rows() =>
        Query(await FolderAsync(), "SELECT COUNT(*), COUNT(stats_min), COUNT(stats_max) FROM parquet_metadata('{folder}/*.parquet')", 3)
            .Single()
            .ShouldMatch("^[1-9][0-9]* 0 0$");

    [Fact]
    public async Task Means_by_variant_and_generation_are_those_of_compare_to_the_last_digit()
    {
        var (folder, compare) = (await FolderAsync(), await CompareAsync());
        var checkedOnes = 0;
        foreach (var variant in compare.GetProperty("variants").EnumerateArray())
        {
            foreach (var measure in variant.GetProperty("measures").EnumerateObject())
            {
                var series = measure.Value.GetProperty("series").EnumerateArray().ToArray();
                // compare adds in the order of the replicates
                var rows = Query(
                    folder,
                    $"""
                    SELECT list_reduce(list(0.0::DOUBLE + {Snake(measure.Name)} ORDER BY replicate), (a, b) -> a + b) / count({Snake(
                        measure.Name
                    )}), count({Snake(measure.Name)})
                    FROM generations WHERE variant = '{variant.GetProperty("name").GetString()}' AND {Snake(measure.Name)} IS NOT NULL
                    GROUP BY generation ORDER BY generation
                    """,
                    2
                );
                var expected = series.Where(s => s.GetProperty("n").GetInt32() > 0).Select(s => $"{Text(s, "mean")} {s.GetProperty("n")}");
                rows.ShouldBe(expected, measure.Name);
                checkedOnes += rows.Count;
            }
        }

        checkedOnes.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Contrasts_are_the_pairs_and_the_declared_tests_of_compare()
    {
        var (folder, compare) = (await FolderAsync(), await CompareAsync());
        var pairs = compare.GetProperty("pairs").EnumerateArray().Where(p => !p.GetProperty("declared").GetBoolean());
        Query(
                folder,
                "SELECT first, second, measure, n, estimate, low, high, p, g, superiority, rank_biserial FROM contrasts WHERE declared = 'no'",
                11
            )
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                pairs
                    .Select(p =>
                        $"{Text(p, "first")} {Text(p, "second")} {Snake(p.GetProperty("measure").GetString()!)} {Text(p, "n")} {Text(p, "mean")} "
                        + $"{Text(p, "low")} {Text(p, "high")} {Text(p, "p")} {Text(p.GetProperty("effect"), "g")} "
                        + $"{Text(p.GetProperty("effect"), "superiority")} {Text(p.GetProperty("effect"), "rankBiserial")}"
                    )
                    .Order(StringComparer.Ordinal)
            );
        Query(
                folder,
                "SELECT measure, variants, method, n, estimate, low, high, p, corrected_p, smallest_p, verdict FROM contrasts WHERE declared <> 'no'",
                11
            )
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                compare
                    .GetProperty("tests")
                    .EnumerateArray()
                    .Select(t =>
                        $"{Snake(Text(t, "measure"))} {string.Join(' ', t.GetProperty("variants").EnumerateArray().Select(v => v.GetString()))} "
                        + $"{Text(t, "method")} {Text(t, "n")} {Text(t.GetProperty("estimate"), "mean")} {Text(t.GetProperty("estimate"), "low")} "
                        + $"{Text(t.GetProperty("estimate"), "high")} {Text(t, "p")} {Text(t, "correctedP")} {Text(t, "smallestP")} {Text(t, "verdict")}"
                    )
                    .Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public async Task A_paired_difference_can_be_taken_from_the_generations()
    {
        var (folder, compare) = (await FolderAsync(), await CompareAsync());
        var pair = compare.GetProperty("pairs").EnumerateArray().First(p => Text(p, "measure") == "agentDrift");
        Query(
                folder,
                $"""
                SELECT list_reduce(list(a.agent_drift - b.agent_drift ORDER BY a.replicate), (x, y) -> x + y) / count(*)
                FROM generations a JOIN generations b USING (run, replicate, generation) JOIN runs r USING (run)
                WHERE a.variant = '{Text(pair, "first")}' AND b.variant = '{Text(pair, "second")}' AND generation = r.generation
                """
            )
            .ShouldBe([Text(pair, "mean")]);
    }

    [Fact]
    public async Task What_is_undefined_is_null_and_probes_have_a_row_an_option()
    {
        var folder = await FolderAsync();

        Query(folder, "SELECT COUNT(*) FROM generations WHERE generation = 0 AND novelty IS NOT NULL").ShouldBe(["0"]);
        Query(folder, "SELECT COUNT(*) FROM generations WHERE isnan(bare_drift)").ShouldBe(["0"]);
        Query(folder, "SELECT COUNT(*) FROM experiences WHERE alignment IS NULL AND generation = 0 AND output <> ''").ShouldNotBe([""]);
        Query(
                folder,
                """
                SELECT COUNT(*) FROM (SELECT SUM(probability) AS whole FROM probes WHERE form = 'choice'
                GROUP BY instance, generation, respondent, probe, wording) WHERE abs(whole - 1) > 1e-9
                """
            )
            .ShouldBe(["0"]);
    }

    [Fact]
    public async Task The_queries_of_the_page_give_the_figures_of_compare()
    {
        var (folder, compare) = (await FolderAsync(), await CompareAsync());
        var page = await File.ReadAllTextAsync(Path.Combine(Repository(), "docs", "NOTEBOOKS.md"));
        var queries = page.Split("```sql\n").Skip(1).Select(p => p.Split("```")[0].Trim().TrimEnd(';')).ToArray();
        queries = [.. queries.Select(q => q.Replace("'quickstart/", $"'{folder}/", StringComparison.Ordinal))];
        queries.Length.ShouldBe(4);

        var means = compare
            .GetProperty("variants")
            .EnumerateArray()
            .ToDictionary(v => v.GetProperty("name").GetString()!, v => v.GetProperty("measures").GetProperty("agentDrift"));
        var rows = Query(folder, queries[0], 4).Select(r => r.Split(' ')).ToArray();
        rows.Length.ShouldBe(means.Count);
        foreach (var row in rows)
        {
            double.Parse(row[1], CultureInfo.InvariantCulture).ShouldBe(means[row[0]].GetProperty("mean").GetDouble(), 1e-15);
            row[3].ShouldBe(Text(means[row[0]], "n"));
        }

        var pair = compare.GetProperty("pairs").EnumerateArray().Single(p => Text(p, "measure") == "agentDrift");
        var difference = Query(folder, queries[1], 4).Single().Split(' ');
        var sign = difference[0] == Text(pair, "first") ? 1 : -1;
        (sign * double.Parse(difference[2], CultureInfo.InvariantCulture)).ShouldBe(pair.GetProperty("mean").GetDouble(), 1e-15);
        Query(folder, queries[2], 4).ShouldBe([$"{Text(pair, "first")} {Text(pair, "second")} {Text(pair, "mean")} {Text(pair, "low")}"]);
        Query(folder, queries[3], 2).Count.ShouldBe(5);
    }

    [Fact]
    public async Task An_export_into_a_folder_of_something_else_is_refused()
    {
        var folder = world.NewDirectory();
        var other = Path.Combine(folder, "mine.txt");
        await File.WriteAllTextAsync(other, "dear");

        var refused = await world.ReadAsync("export", "small", "--as", "parquet", "--out", folder, "--force");

        refused.Code.ShouldBe(2);
        refused.Errors.ShouldContain("holds mine.txt");
        (await File.ReadAllTextAsync(other)).ShouldBe("dear");
        (await world.ReadAsync("export", "small", "--as", "parquet")).Errors.ShouldContain("expected --out");
        (
            await world.ReadAsync("export", "small", "--as", "parquet", "--out", Path.Combine(folder, "p"), "--round", "1")
        ).Errors.ShouldContain("--round");
    }

    private async Task<JsonElement> CompareAsync() =>
        JsonDocument.Parse((await world.ReadAsync("compare", "--json")).Well().Output).RootElement;

    private async Task<string> FolderAsync()
    {
        await s_gate.WaitAsync();
        try
        {
            if (s_folder is null)
            {
                var folder = Path.Combine(world.NewDirectory(), "tables");
                (await world.ReadAsync("export", "small", "--as", "parquet", "--out", folder)).Well();
                s_folder = folder;
            }

            return s_folder;
        }
        finally
        {
            s_gate.Release();
        }
    }

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    private static string Snake(string key) =>
        string.Concat(key.Select(c => char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}"));

    private static string Text(JsonElement of, string member) =>
        of.GetProperty(member) is var value && value.ValueKind == JsonValueKind.Null ? ""
        : value.ValueKind == JsonValueKind.Number && !value.TryGetInt64(out _)
            ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture)
        : value.ToString();

    private static List<string> Query(string folder, string sql, int columns = 1)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var table in Directory.GetFiles(folder).Select(f => Path.GetFileNameWithoutExtension(f)))
        {
            command.CommandText = $"CREATE VIEW {table} AS SELECT * FROM '{Path.Combine(folder, table)}.parquet'";
            command.ExecuteNonQuery();
        }

        command.CommandText = sql.Replace("{folder}", folder, StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
            rows.Add(string.Join(' ', Enumerable.Range(0, columns).Select(c => Cell(reader, c))));
        return rows;
    }

    private static string Cell(DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? ""
        : reader.GetValue(column) is double d ? d.ToString("R", CultureInfo.InvariantCulture)
        : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!;
}
