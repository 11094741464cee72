using AiMe.Console.Repl.Line;
using AiMe.Console.Repl.Slash;

namespace AiMe.Console.Tests.Repl;

public sealed class EnteredTests
{
    [Theory]
    [InlineData("Who are you?", "Who are you?")]
    [InlineData("  Who are you?  ", "Who are you?")]
    [InlineData("//slash", "/slash")]
    [InlineData("a /why", "a /why")]
    public void A_line_is_said(string line, string text) => Entered.Of(line).ShouldBe(new Entered.PlainText(text));

    [Theory]
    [InlineData("/why", "why", "")]
    [InlineData("/memory", "memory", "")]
    [InlineData("/memory  what is  honesty ", "memory", "what is  honesty")]
    [InlineData("/rewind -2", "rewind", "-2")]
    public void A_slash_begins_a_command(string line, string name, string argument)
    {
        var order = Entered.Of(line).ShouldBeOfType<Entered.Order>();
        (order.Command.Name, order.Argument).ShouldBe((name, argument));
    }

    [Theory]
    [InlineData("/wy", "did you mean '/why'?")]
    [InlineData("/rewind", "expected /rewind N")]
    [InlineData("/why not", "expected /why")]
    [InlineData("/save", "expected /save FILE")]
    public void What_is_no_command_is_told_with_what_is(string line, string said) =>
        Entered.Of(line).ShouldBeOfType<Entered.UnknownCommand>().Why.ShouldContain(said);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("//")]
    public void Nothing_says_nothing(string line) => Entered.Of(line).ShouldBe(new Entered.Nothing());

    [Theory]
    [InlineData("/me", "/memory ")]
    [InlineData("/re", "/rewind ")]
    [InlineData("/x", "/x")]
    [InlineData("why", "why")]
    [InlineData("//me", "//me")]
    [InlineData("/compare al", "/compare aligned-")]
    [InlineData("/compare f", "/compare frozen-1")]
    [InlineData("/why al", "/why al")]
    public void Tab_completes_as_far_as_it_is_certain(string text, string completed) => Complete(text).Text.ShouldBe(completed);

    [Fact]
    public void Tab_shows_what_a_line_could_become() => Complete("/h").Choices.ShouldBe(["help", "history"]);

    [Fact]
    public void One_looks_back_through_the_lines_and_returns_to_what_one_was_writing()
    {
        LineHistory history = new(["one", "two"]);
        history.Older("draft").ShouldBe("two");
        history.Older("two").ShouldBe("one");
        history.Older("one").ShouldBe("one");
        history.Newer("one").ShouldBe("two");
        history.Newer("two").ShouldBe("draft");
        history.Newer("draft").ShouldBe("draft");
    }

    [Fact]
    public void The_newest_line_with_a_text_is_found_and_then_the_one_before()
    {
        LineHistory history = new(["who are you", "why", "who am I"]);
        history.Find("WHO", 3).ShouldBe(2);
        history.Find("who", 2).ShouldBe(0);
        history.Find("who", 0).ShouldBe(-1);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("two\nlines")]
    [InlineData(@"a \n that is none, and a \")]
    public void A_line_stays_a_line_in_the_file(string line)
    {
        HistoryFile.Escape(line).ShouldNotContain("\n");
        HistoryFile.Unescape(HistoryFile.Escape(line)).ShouldBe(line);
    }

    [Fact]
    public void Only_its_owner_may_read_the_file()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("aime-history-").FullName, "history");
        new HistoryFile(path).Append("one\ntwo");
        new HistoryFile(path).Append("three");
        new HistoryFile(path).Read().ShouldBe(["one\ntwo", "three"]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static Completion Complete(string text) =>
        Completion.Of(text, SlashCommand.All.Select(c => c.Name), name => name == "compare" ? ["aligned-1", "aligned-2", "frozen-1"] : []);
}
