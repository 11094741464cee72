using System.Globalization;

namespace AiMe.Bench.Nano;

/// <summary>The most memory that this process was resident with during a piece of work, the runtime included.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs",
        Status = "/proc/self/status",
        Peak = "VmHWM:";

    /// <summary>Whether this system can forget an earlier peak.</summary>
    public static bool CanTell => OperatingSystem.IsLinux() && File.Exists(Reset);

    /// <returns>Bytes.</returns>
    public static double Of(Action work)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives back what earlier work had
        File.WriteAllText(Reset, "5");
        work();
        var line = File.ReadLines(Status).First(l => l.StartsWith(Peak, StringComparison.Ordinal));
        return 1024 * double.Parse(line.AsSpan(Peak.Length, line.Length - Peak.Length - 2), CultureInfo.InvariantCulture);
    }
}
