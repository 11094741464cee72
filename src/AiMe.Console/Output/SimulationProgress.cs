using System.Diagnostics;
using System.Globalization;
using AiMe.Simulation;

namespace AiMe.Console.Output;

/// <summary>
/// Prints the progress of a simulation on standard error: one line that is overwritten on a terminal, otherwise a line
/// every ten seconds.
/// </summary>
internal sealed class SimulationProgress(long first, long count)
{
    private readonly Lock _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly bool _over = !System.Console.IsErrorRedirected;
    private TimeSpan _told = TimeSpan.Zero;
    private bool _written;

    /// <summary>Reports the seeds tried so far.</summary>
    public void Note(SimulationReport report)
    {
        lock (_gate)
        {
            var elapsed = Stopwatch.GetElapsedTime(_started);
            if (elapsed - _told < (_over ? TimeSpan.FromSeconds(0.5) : TimeSpan.FromSeconds(10)))
                return;
            (_told, _written) = (elapsed, true);
            var state = report.Violation is { } v ? $"'{v.Invariant.Name}' is violated" : "no violation";
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"seed {first + report.Tried - 1}, {report.Tried:N0} of {count:N0}, "
                    + $"{report.Tried / elapsed.TotalSeconds:0} seeds/s, {state}"
            );
            System.Console.Error.Write(_over ? $"\r{line}   " : line + Environment.NewLine);
        }
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_over && _written)
                System.Console.Error.WriteLine();
        }
    }
}
