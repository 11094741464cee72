using AiMe.Console.Terminal;
using AiMe.Console.Tests.Output;
using Spectre.Console;

namespace AiMe.Console.Tests.Terminal;

public sealed class AlternateScreenTests
{
    [Fact]
    public void It_gives_back_the_screen_the_cursor_and_the_wrapping_that_it_took()
    {
        using var written = new StringWriter();

        using (new AlternateScreen(Screen.Console(written, 80, 24, AnsiSupport.Yes)))
            written.ToString().ShouldBe("\e[?1049h\e[?25l\e[?7l");

        written.ToString().ShouldEndWith("\e[?7h\e[?25h\e[?1049l");
    }
}
