using System.Diagnostics;

namespace AiMe.Bench;

/// <summary>The state of the machine, without which no figure means anything.</summary>
/// <param name="Load">Load averages over 1, 5 and 15 minutes before the bench, or empty where the system does not tell.</param>
/// <param name="SyncMilliseconds">Median time to append 4 KB to a file and sync it.</param>
internal sealed record Machine(int Cores, string Processor, string Load, double SyncMilliseconds, string Runtime)
{
    public static Machine Look(string directory) =>
        new(
            Environment.ProcessorCount,
            Line("/proc/cpuinfo", "model name")?.Split(':')[^1].Trim() ?? "unknown processor",
            File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "",
            Sync(directory),
            $".NET {Environment.Version}"
        );

    public override string ToString() =>
        $"{Cores} cores, {Processor}; load {Load}; 4 KB written and synced in {SyncMilliseconds:0.00} ms; {Runtime}";

    private static string? Line(string path, string start) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) : null;

    private static double Sync(string directory)
    {
        var path = Path.Combine(directory, $"aime-bench-{Environment.ProcessId}-sync");
        var times = new List<double>();
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            for (var i = 0; i < 100; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        finally
        {
            File.Delete(path);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
