using AiMe.Console.Terminal;
using AiMe.Journal;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Says on standard error when the journal's server goes away and when it is back.</summary>
internal sealed class OutageLines : IOutageListener
{
    /// <inheritdoc />
    public void Away(string place, string reason, TimeSpan patience) =>
        TerminalWriter.Error.WriteLine(
            $"The journal's server at {place} is away ({reason}). It is waited for, for {Lines.Span(patience)} at most; nothing is lost."
        );

    /// <inheritdoc />
    public void Back(string place, TimeSpan after) =>
        TerminalWriter.Error.WriteLine($"The journal's server at {place} is back after {Lines.Span(after)}.");
}
