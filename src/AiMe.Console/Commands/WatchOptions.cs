using System.CommandLine;

namespace AiMe.Console.Commands;

/// <summary>Options of the commands that can refresh their output.</summary>
internal static class WatchOptions
{
    public static Option<bool> Watch(string what) => new("--watch") { Description = what };

    public static Option<long?> Interval() =>
        SharedOptions.WholeOption("--interval", "Seconds between two refreshes. Default: 1", least: 1, most: 3600);

    /// <summary>Time between two refreshes, or null without <c>--watch</c>.</summary>
    public static TimeSpan? Every(bool watch, long? seconds) => watch ? TimeSpan.FromSeconds(seconds ?? 1) : null;
}
