using AiMe.Console.Repl.Line;
using AiMe.EventSourcing;

namespace AiMe.Console.Tests.Repl;

public sealed class LineModelTests
{
    private const string Accent = "e\u0301"; // a letter and its accent, two code points
    private const string Family = "👩\u200d👧"; // one picture of three code points

    [Theory]
    [InlineData("ab|", "a|b")]
    [InlineData("|ab", "|ab")]
    [InlineData("x" + Accent + "|y", "x|" + Accent + "y")]
    [InlineData("漢字|", "漢|字")]
    [InlineData("a😀|", "a|😀")]
    [InlineData("a" + Family + "|", "a|" + Family)]
    public void Left_goes_over_what_a_reader_takes_for_one_character(string before, string after) =>
        Shown(At(before).Left()).ShouldBe(after);

    [Theory]
    [InlineData("a|b", "ab|")]
    [InlineData("ab|", "ab|")]
    [InlineData("x|" + Accent + "y", "x" + Accent + "|y")]
    [InlineData("|😀a", "😀|a")]
    public void Right_does_so_too(string before, string after) => Shown(At(before).Right()).ShouldBe(after);

    [Theory]
    [InlineData("ab|c", "a|c")]
    [InlineData("|abc", "|abc")]
    [InlineData("x" + Accent + "|", "x|")]
    [InlineData("a" + Family + "|b", "a|b")]
    public void Backspace_takes_one_character(string before, string after) => Shown(At(before).Backspace()).ShouldBe(after);

    [Theory]
    [InlineData("a|bc", "a|c")]
    [InlineData("abc|", "abc|")]
    [InlineData("|" + Accent + "x", "|x")]
    public void Delete_takes_the_one_at_the_cursor(string before, string after) => Shown(At(before).Delete()).ShouldBe(after);

    [Theory]
    [InlineData("one two |three", "one |three")]
    [InlineData("one two  |", "one |")]
    [InlineData("|one", "|one")]
    public void A_word_is_cut_with_the_blanks_behind_it(string before, string after) => Shown(At(before).KillWord()).ShouldBe(after);

    [Theory]
    [InlineData("one two|", "one |two", "|one two")]
    public void One_goes_word_by_word(string start, string once, string twice)
    {
        Shown(At(start).WordLeft()).ShouldBe(once);
        Shown(At(start).WordLeft().WordLeft()).ShouldBe(twice);
        Shown(At(twice).WordRight()).ShouldBe("one| two");
    }

    [Fact]
    public void What_was_cut_last_can_be_written_again() => Shown(At("one |two").KillToEnd().Home().Yank()).ShouldBe("two|one ");

    [Fact]
    public void The_part_before_the_cursor_can_be_cut() => Shown(At("one |two").KillToStart()).ShouldBe("|two");

    [Fact]
    public void Cutting_nothing_keeps_what_was_cut_before() => At("one |two").KillToEnd().KillToEnd().Killed.ShouldBe("two");

    [Fact]
    public void Text_is_written_at_the_cursor() => Shown(At("a|c").Insert("b")).ShouldBe("ab|c");

    [Fact]
    public void Any_row_of_keys_leaves_the_cursor_between_two_characters()
    {
        Func<LineModel, LineModel>[] keys =
        [
            l => l.Left(),
            l => l.Right(),
            l => l.Backspace(),
            l => l.Delete(),
            l => l.WordLeft(),
            l => l.WordRight(),
            l => l.KillWord(),
            l => l.Yank(),
            l => l.Home(),
            l => l.End(),
            l => l.Insert("a "),
            l => l.Insert("😀"),
            l => l.Insert(Accent),
            l => l.Insert(Family),
            l => l.KillToEnd(),
        ];
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var line = LineModel.Empty;
            for (var i = 0; i < 60; i++)
            {
                line = keys[new Seed(seed).Derive(i).Value % (ulong)keys.Length](line);
                line.Cursor.ShouldBeInRange(0, line.Text.Length);
                (
                    line.Cursor == line.Text.Length
                    || System.Globalization.StringInfo.ParseCombiningCharacters(line.Text).Contains(line.Cursor)
                ).ShouldBeTrue($"seed {seed}, step {i}: '{Shown(line)}'");
            }
        }
    }

    private static LineModel At(string text) =>
        new(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|', StringComparison.Ordinal));

    private static string Shown(LineModel line) => line.Text.Insert(line.Cursor, "|");
}
