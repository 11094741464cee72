using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Reports outages of the journal's server on standard error.</summary>
internal sealed class OutageLines : IOutageListener
{
    /// <inheritdoc />
    public void Away(string place, string reason, TimeSpan patience) =>
        TerminalWriter.Error.WriteLine(
            $"The journal's server at {place} is unavailable ({reason}). Waiting for at most {Plain.Span(patience)}; nothing is lost."
        );

    /// <inheritdoc />
    public void Back(string place, TimeSpan after) =>
        TerminalWriter.Error.WriteLine($"The journal's server at {place} is available again after {Plain.Span(after)}.");
}
