using System.Diagnostics;
using System.Globalization;

namespace AiMe.Journal;

/// <summary>
/// Tests whether a process of this host is running, by its id and its start as <see cref="Processes.Started"/> writes
/// it.
/// </summary>
public delegate bool ProcessLiveness(int processId, string started);

/// <summary>The processes of this host.</summary>
public static class Processes
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>Whether the process with this id and start is still running.</summary>
    public static bool IsRunning(int processId, string started) => Started(processId) == started;

    /// <summary>Start time of a process of this host; null if there is none.</summary>
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

    /// <summary>Start of a process as text to compare for equality; null if there is no such process.</summary>
    /// <remarks>
    /// On Linux, ticks since boot with the boot's id, because a time of day changes when the clock is set; elsewhere
    /// UTC ticks.
    /// </remarks>
    public static string? Started(int processId)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                return Process.GetProcessById(processId).StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);

            // proc_pid_stat(5): field 22 is the start time; field 2, in parentheses, may itself contain blanks and
            // parentheses.
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
