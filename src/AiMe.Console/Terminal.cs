using Spectre.Console;

namespace AiMe.Console;

/// <summary>Results go to standard output, everything else (progress, problems, hints) to standard error.</summary>
internal static class Terminal
{
    /// <summary>Columns of a page when the output is not a terminal.</summary>
    private const int PlainWidth = 100;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Output { get; } = Make(System.Console.Out, System.Console.IsOutputRedirected);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = Make(System.Console.Error, System.Console.IsErrorRedirected);

    /// <summary>One line of JSON on standard output.</summary>
    public static void Json(ReadOnlySpan<byte> utf8) => System.Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(utf8));

    private static IAnsiConsole Make(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
