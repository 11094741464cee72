using System.Text;
using AiMe.Lab.Analysis;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Runs.Imports;
using AiMe.Lab.Tests.Runs;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Lab.Tests.Analysis;

/// <summary>No text is a formula to a spreadsheet, and every text is read back as it was.</summary>
public sealed class CsvCellTests
{
    private const string Beginnings = "=+-@\t\r\n＝＋－＠";

    // Texts of the characters that matter, and some others.
    private static readonly Gen<string> s_texts = Gen.Elements<string>([
            .. (Beginnings + "'\",;a1 é😀").EnumerateRunes().Select(r => r.ToString()),
        ])
        .ArrayOf()
        .Select(parts => string.Concat(parts));

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("-5", "\"'-5\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("'=1", "\"''=1\"")]
    [InlineData("=\"a\"", "\"'=\"\"a\"\"\"")]
    [InlineData("'tis", "'tis")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void A_text_that_begins_like_a_formula_gets_an_apostrophe_and_quotes(string text, string cell) =>
        CsvCell.Text(text).ShouldBe(cell);

    [Theory]
    [InlineData("-0.5")]
    [InlineData("+1")]
    [InlineData("1E-05")]
    public void A_number_stays_as_it_is(string number) => CsvCell.NumberOrText(number).ShouldBe(number);

    [Fact]
    public void No_cell_begins_like_a_formula() =>
        Prop.ForAll(s_texts.ToArbitrary(), text => Bare(CsvCell.Text(text)) is not [var first, ..] || !Beginnings.Contains(first))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_text_is_read_back_as_it_was() =>
        Prop.ForAll(s_texts.ToArbitrary(), text =>
            {
                var rows = CsvText.Rows($"a,b\r\n{CsvCell.Text(text)},x\r\n", ',');
                return rows.Count == 2 && CsvCell.Read(rows[1].Fields[0]) == text && rows[1].Fields[1] == "x";
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_table_of_experiences_has_no_formula_and_keeps_its_numbers()
    {
        var experience = Experiences.Of(1) with { Input = "=cmd|' /C calc'!A0", Output = "-3", Reflection = "+1", Novelty = -0.25 };
        var line = Encoding.UTF8.GetString(ExportCsv.Line(new LivedExperience("run", "wild-1", "wild", 1, experience)));

        line.ShouldContain(",\"'=cmd|' /C calc'!A0\",\"'-3\",\"'+1\",");
        line.ShouldContain(",-0.25,");
    }

    [Fact]
    public void A_cell_of_LaTeX_is_text_whatever_is_in_it() =>
        Prop.ForAll(Gen.Elements<char>([.. "\\{}$&#%_^~<>|`-[]*'\",ab1 \n\r\t"]).ArrayOf().Select(c => new string(c)).ToArbitrary(), text =>
            {
                var lines = TableText
                    .Latex(
                        new PlainTable(
                            ["a", "b"],
                            [
                                [text, text],
                            ]
                        ),
                        text
                    )
                    .Split('\n');
                // comment, begin, three rules, two rows, end, and what is behind the last line end
                if (lines.Length != 9 || !lines[0].StartsWith('%'))
                    return false;
                var row = lines[5];
                return row.EndsWith(" \\\\", StringComparison.Ordinal) && row is not ['[' or '*', ..] && IsInert(row[..^3]);
            })
            .QuickCheckThrowOnFailure();

    // Commands of the writer's own are taken away; then no character with a meaning may be left but one separator of cells.
    private static bool IsInert(string row)
    {
        var rest = row;
        foreach (
            var own in (string[])["\\textbackslash{}", "\\textasciitilde{}", "\\textasciicircum{}", "\\textbar{}", "\\textasciigrave{}"]
        )
            rest = rest.Replace(own, "", StringComparison.Ordinal);
        foreach (var own in (string[])["$<$", "$>$", "$-$", "{}", "{[}", "{*}", "\\&", "\\%", "\\$", "\\#", "\\_", "\\{", "\\}"])
            rest = rest.Replace(own, "", StringComparison.Ordinal);
        return rest.Count(c => c == '&') == 1 && rest.IndexOfAny(['\\', '$', '#', '%', '_', '^', '~', '{', '}', '`']) < 0;
    }

    private static string Bare(string cell) => cell is ['"', .. var inner, '"'] ? inner : cell;
}
