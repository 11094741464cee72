using Spectre.Console;

namespace AiMe.Console.Terminal;

/// <summary>Results go to standard output, everything else (progress, problems, hints) to standard error.</summary>
internal static class TerminalWriter
{
    /// <summary>Columns of a page when the output is not a terminal.</summary>
    private const int PlainWidth = 100;

    /// <summary>Columns where a line is read by a program (an editor that jumps to <c>file:line:column</c>) and must stay a line.</summary>
    private const int Unbroken = 1 << 20;

    private static readonly TextWriter s_output = System.Console.Out;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Output { get; } = Make(s_output, System.Console.IsOutputRedirected, PlainWidth);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = Make(System.Console.Error, System.Console.IsErrorRedirected, Unbroken);

    /// <summary>One line of JSON on standard output.</summary>
    public static void Json(ReadOnlySpan<byte> utf8) => s_output.WriteLine(System.Text.Encoding.UTF8.GetString(utf8));

    /// <summary>One line on standard output, as long as it is.</summary>
    public static void Line(string line) => s_output.WriteLine(line);

    /// <summary>
    /// From now on standard output is this class's alone: what a package writes there is dropped. Akka.Hosting writes there
    /// why it could not start, which the command tells itself.
    /// </summary>
    public static void KeepOutput()
    {
        if (System.Console.Out == s_output) // this class has its writer now
            System.Console.SetOut(TextWriter.Null);
    }

    /// <summary>Waits for work that reads many events, and counts them on standard error where somebody looks.</summary>
    public static Task<T> WhileAsync<T>(string what, Func<IProgress<long>?, Task<T>> work) =>
        System.Console.IsErrorRedirected
            ? work(null)
            : Error
                .Status()
                .StartAsync($"{what} ...", context =>
                    work(
                        new Counting(n =>
                            context.Status($"{what} ... {n.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} events")
                        )
                    )
                );

    // Told at once, on the thread that reads: Progress<T> would hand it to others.
    private sealed class Counting(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }

    private static IAnsiConsole Make(TextWriter writer, bool redirected, int width)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
                Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            }
        );
        if (redirected)
            console.Profile.Width = width;
        return console;
    }
}
