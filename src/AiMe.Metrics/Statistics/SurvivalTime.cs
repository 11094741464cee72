using System.Runtime.InteropServices;

namespace AiMe.Metrics.Statistics;

/// <summary>When something happened to an instance, or until when it is known not to have happened.</summary>
/// <param name="Time">
/// Round or generation, 0 or more: of the event, or of the last look if it had not happened by then. NaN if unknown.
/// </param>
/// <param name="Happened">False if censored: the event had not happened when the instance was last seen.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SurvivalTime(double Time, bool Happened)
{
    /// <summary>Whether it can be used: neither NaN, nor infinite, nor negative.</summary>
    internal bool IsKnown => double.IsFinite(Time) && Time >= 0;
}
