using System.Diagnostics;
using System.Globalization;
using AiMe.Console.Terminal;
using AiMe.Simulation;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints the progress of a simulation on standard error.</summary>
internal sealed class SimulationProgress(long first, long count, TimeSpan every, Action<string> tell)
{
    private readonly Lock _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _told = TimeSpan.Zero;

    /// <summary>Searches with a line that is refreshed on a terminal, otherwise with a line every ten seconds.</summary>
    public static Task<SimulationReport> ShowAsync(long first, long count, Func<Action<SimulationReport>, Task<SimulationReport>> search) =>
        System.Console.IsErrorRedirected
            ? search(new SimulationProgress(first, count, TimeSpan.FromSeconds(10), System.Console.Error.WriteLine).Note)
            : TerminalWriter
                .Error.Status()
                .StartAsync("seeds ...", status =>
                    search(new SimulationProgress(first, count, TimeSpan.FromSeconds(0.5), line => status.Status(line)).Note)
                );

    // Reports the seeds tried so far.
    private void Note(SimulationReport report)
    {
        lock (_gate)
        {
            var elapsed = Stopwatch.GetElapsedTime(_started);
            if (elapsed - _told < every)
                return;
            _told = elapsed;
            var state = report.Violation is { } v ? $"'{v.Invariant.Name}' is violated" : "no violation";
            tell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"seed {first + report.Tried - 1}, {report.Tried:N0} of {count:N0}, "
                        + $"{report.Tried / elapsed.TotalSeconds:0} seeds/s, {state}"
                )
            );
        }
    }
}
