using AiMe.Console.Output.Documents;
using Spectre.Console;

namespace AiMe.Console.Terminal;

/// <summary>
/// Writes results to standard output and everything else (progress, problems, hints) to standard error.
/// </summary>
internal static class TerminalWriter
{
    /// <summary>Width of a page if the output is not a terminal.</summary>
    private const int PlainWidth = 100;

    /// <summary>
    /// Width that prevents wrapping of lines for programs, such as editors that jump to <c>file:line:column</c>.
    /// </summary>
    private const int Unbroken = 1 << 20;

    private static readonly TextWriter s_output = System.Console.Out;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Output { get; } = Make(s_output, System.Console.IsOutputRedirected, PlainWidth);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = Make(System.Console.Error, System.Console.IsErrorRedirected, Unbroken);

    /// <summary>A keyboard, and standard output that is written at a flush, so that a whole screen appears at once.</summary>
    public static IAnsiConsole Buffered()
    {
        var console = Make(
            new StreamWriter(System.Console.OpenStandardOutput(), s_output.Encoding, bufferSize: 1 << 16),
            redirected: false,
            PlainWidth
        );
        console.Profile.Capabilities.Interactive = true; // Spectre denies it to a terminal of a CI job
        return console;
    }

    /// <summary>Writes a document to standard output, as one line.</summary>
    public static void Json(OutputDocument document) => s_output.WriteLine(document.ToLine());

    /// <summary>Writes one line to standard output, not wrapped.</summary>
    public static void Line(string line) => s_output.WriteLine(line);

    /// <summary>
    /// From now on only this class writes to standard output. Akka.Hosting would print there why it cannot start, which
    /// the command reports itself.
    /// </summary>
    public static void KeepOutput()
    {
        if (System.Console.Out == s_output) // this class keeps its own writer
            System.Console.SetOut(TextWriter.Null);
    }

    /// <summary>Waits for work that reads many events, and counts them on standard error on a terminal.</summary>
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

    // Reports synchronously; Progress<T> would post to other threads.
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
