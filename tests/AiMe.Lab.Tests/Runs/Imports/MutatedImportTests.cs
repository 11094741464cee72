using System.Text;
using AiMe.Faculties.Tests;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Imports;
using Xunit.Abstractions;

namespace AiMe.Lab.Tests.Runs.Imports;

/// <summary>Lines of every form with mistakes in them: nothing throws, and every record is accounted for.</summary>
public sealed class MutatedImportTests(ITestOutputHelper output)
{
    private const int LinesOfFile = 100;

    private static readonly int s_lines = Trials.Of(99_000);

    private int _read,
        _refused;

    private static readonly string[] Tokens =
    [
        "null",
        "true",
        "0",
        "-1e400",
        "[]",
        "{}",
        "\"\"",
        "\" \"",
        "\"role\"",
        "\"content\"",
        "\"messages\"",
        "\"prompt\"",
        "\"user\"",
        "\"assistant\"",
        "\"tool\"",
        "\"input\"",
        "\"weight\":0,",
        "\\ud83d",
        "\\u0000",
        "\u2028",
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        "\"",
    ];

    private static string[] Sound { get; } =
    [
        .. Directory
            .GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", "Imports"), "*.jsonl")
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadAllLines),
        """{"id":"a","conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}""",
        """{"instruction":"a","input":"b","output":"c","history":[["d","e"]]}""",
        """{"mapping":{"r":{"message":null,"parent":null},"u":{"message":{"author":{"role":"user"},"create_time":1,"content":{"content_type":"text","parts":["a"]}},"parent":"r"},"a":{"message":{"author":{"role":"assistant"},"create_time":2,"content":{"content_type":"text","parts":["b"]}},"parent":"u"}},"current_node":"a"}""",
    ];

    [Theory]
    [InlineData(20260101)]
    public void No_mutated_line_throws_and_none_is_lost(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random dice = new(seed);
        for (var file = 0; file < s_lines / LinesOfFile; file++)
        {
            string[] lines = [.. Enumerable.Range(0, LinesOfFile).Select(_ => Mutated(dice))];
            Account(string.Join('\n', lines));
            if (file % 10 == 0)
                Account($"[{string.Join(",\n", lines.Where((_, i) => i % 50 == 0))}]");
        }

        output.WriteLine($"{_read} read, {_refused} refused");
        Math.Min(_read, _refused).ShouldBeGreaterThan(s_lines / 5, "the mistakes are neither too few nor too many");
    }

    [Theory]
    [InlineData(20260102)]
    public void No_mutated_table_throws_and_no_row_is_lost(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random dice = new(seed);
        var table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "Imports", "table.csv"));
        for (var i = 0; i < Trials.Of(2_000); i++)
            Account(Mutated(dice, table));
    }

    private void Account(string text)
    {
        ImportedFile read;
        try
        {
            read = ImportReader.Read("a.jsonl", Encoding.UTF8.GetBytes(text));
        }
        catch (Exception)
        {
            output.WriteLine(text);
            throw;
        }

        (read.Read + read.Refused + read.LeftOut).ShouldBe(read.Records, text);
        read.Records.ShouldBeGreaterThan(0, text);
        read.IsValid.ShouldBe(read.Refused == 0, text);
        read.Experiences.Select(e => e.Record).Distinct().Count().ShouldBe(read.Read, text);
        var errors = read.Problems.Where(p => p.Severity == Severity.Error).ToList();
        var places = errors.Select(p => p.At.Line).Distinct().Count();
        (places >= read.Refused || errors is [{ At.Line: 0 }]).ShouldBeTrue(
            $"{places} lines with errors for {read.Refused} records:\n{text}"
        );
        read.Problems.Any(p => p.Text.Contains('\n', StringComparison.Ordinal)).ShouldBeFalse(text);
        read.Experiences.Any(e => string.IsNullOrWhiteSpace(e.Input) || string.IsNullOrWhiteSpace(e.Output)).ShouldBeFalse(text);
        _read += read.Read;
        _refused += read.Refused;
    }

    private static string Mutated(Random dice) => Mutated(dice, Sound[dice.Next(Sound.Length)]);

    private static string Mutated(Random dice, string line)
    {
        StringBuilder text = new(line);
        for (var n = dice.Next(4); n > 0 && text.Length > 2; n--)
        {
            var at = dice.Next(text.Length);
            switch (dice.Next(12))
            {
                case 0:
                    text.Remove(at, Math.Min(1 + dice.Next(8), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Tokens[dice.Next(Tokens.Length)]);
                    break;
                case 2:
                    text[at] = (char)(32 + dice.Next(95));
                    break;
                case 3:
                    var piece = text.ToString(at, Math.Min(dice.Next(20), text.Length - at));
                    text.Insert(dice.Next(text.Length), piece);
                    break;
                case 4:
                    text.Length = Math.Max(2, at);
                    break;
                default:
                    Replace(dice, text);
                    break;
            }
        }

        return text.ToString().Replace('\n', ' ');
    }

    // A whole text becomes another token, so that the line stays JSON and the forms see it.
    private static void Replace(Random dice, StringBuilder text)
    {
        var whole = text.ToString();
        var from = whole.IndexOf('"', dice.Next(whole.Length));
        var to = from < 0 ? -1 : whole.IndexOf('"', from + 1);
        if (to > from)
            text.Remove(from, to - from + 1).Insert(from, Tokens[dice.Next(Tokens.Length)]);
    }
}
