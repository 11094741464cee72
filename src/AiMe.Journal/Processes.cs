using System.Diagnostics;
using System.Globalization;

namespace AiMe.Journal;

/// <summary>
/// Whether a process of this host still runs: its number, and when it started as <see cref="Processes.Started"/> writes
/// it.
/// </summary>
public delegate bool ProcessLiveness(int processId, string started);

/// <summary>The processes of this host.</summary>
public static class Processes
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>Whether the process that once had this number and start still runs.</summary>
    public static bool IsRunning(int processId, string started) => Started(processId) == started;

    /// <summary>When a process of this host started; null when there is none.</summary>
    public static DateTimeOffset? StartedAt(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return new DateTimeOffset(process.StartTime).ToUniversalTime();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// When a process started, as text to compare for equality; null when there is none. On Linux ticks since boot with
    /// the boot's id, because a time of day would change when the clock is set; elsewhere UTC ticks.
    /// </summary>
    public static string? Started(int processId)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                return Process.GetProcessById(processId).StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);

            // proc_pid_stat(5): field 22 is the start time; field 2, in brackets, may itself hold blanks and brackets.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var afterName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return $"{File.ReadAllText(BootId).Trim()}/{afterName[22 - 3]}";
        }
        catch (Exception e)
            when (e is ArgumentException or InvalidOperationException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
