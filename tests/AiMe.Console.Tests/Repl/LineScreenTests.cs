using AiMe.Console.Repl.Line;

namespace AiMe.Console.Tests.Repl;

public sealed class LineScreenTests
{
    [Fact]
    public void A_line_is_drawn_over_its_rows_and_drawn_anew_from_its_first()
    {
        using var written = new StringWriter();
        var screen = new LineScreen(written, "> ", () => 10, () => 5);
        var line = LineModel.Empty.Insert("one two three");

        screen.Draw(line, instead: null);
        screen.Draw(line.Home(), instead: null);

        const string rows = "\r\e[0J> one two \r\n  three";
        written.ToString().ShouldBe($"{rows}\r\e[7C\e[1A{rows}\e[1A\r\e[2C");
    }
}
