using AiMe.Console.Repl;
using AiMe.Console.Repl.Line;
using Wcwidth;

namespace AiMe.Console.Tests.Repl;

public sealed class LineLayoutTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("漢字", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("😀", 2)]
    [InlineData("👩\u200d👧", 2)]
    [InlineData("❤\ufe0f", 2)]
    [InlineData("한글", 4)]
    [InlineData("👍🏽", 2)]
    [InlineData("🇩🇪", 2)]
    public void A_text_takes_so_many_columns(string text, int cells) => LineLayout.Of(text, text.Length, 80).CursorColumn.ShouldBe(cells);

    [Theory]
    [InlineData("", 10, "")]
    [InlineData("one two", 10, "one two")]
    [InlineData("one two three", 8, "one two /three")]
    [InlineData("abcdefghij", 4, "abcd/efgh/ij")]
    [InlineData("one\ntwo", 10, "one/two")]
    [InlineData("one\n", 10, "one/")]
    [InlineData("漢字漢字", 5, "漢字/漢字")]
    [InlineData("漢", 1, "漢")]
    public void It_is_wrapped_at_words(string text, int room, string rows) =>
        string.Join('/', LineLayout.Of(text, 0, room).Rows).ShouldBe(rows);

    [Theory]
    [InlineData("one two three", 13, 8, 1, 5)]
    [InlineData("one two three", 8, 8, 1, 0)]
    [InlineData("one two three", 3, 8, 0, 3)]
    [InlineData("one\n", 4, 8, 1, 0)]
    [InlineData("漢字", 1, 8, 0, 2)]
    public void The_cursor_stands_in_a_row_and_a_column(string text, int cursor, int room, int row, int column)
    {
        var layout = LineLayout.Of(text, cursor, room);
        (layout.CursorRow, layout.CursorColumn).ShouldBe((row, column));
    }

    [Theory]
    [InlineData("I am a small mind that learns", 12)]
    [InlineData("漢字 and 😀 and more of it", 7)]
    public void However_it_is_cut_into_pieces_an_answer_is_wrapped_alike(string text, int width)
    {
        var whole = Wrapped([text], width);
        Wrapped([.. text.Select(c => $"{c}")], width).ShouldBe(whole);
        whole.Split('\n').ShouldAllBe(row => UnicodeCalculator.GetWidth(row) < width);
        string.Join(' ', whole.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(text);
    }

    [Fact]
    public void An_answer_cannot_command_the_terminal() => Wrapped(["a\u001b[2Jb\u0007"], 20).ShouldBe("a[2Jb\n");

    private static string Wrapped(string[] pieces, int width)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var wrap = new WordWrap(output, () => width);
        foreach (var piece in pieces)
            wrap.Write(piece);
        wrap.EndLine();
        return output.ToString();
    }
}
