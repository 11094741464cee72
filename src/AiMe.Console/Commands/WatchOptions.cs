using System.CommandLine;

namespace AiMe.Console.Commands;

/// <summary>Options of the commands that can refresh their output.</summary>
internal static class WatchOptions
{
    public static Option<bool> Watch(string what) => new("--watch") { Description = what };

    public static Option<long?> Interval() =>
        SharedOptions.WholeOption("--interval", "Seconds between two refreshes. Default: 1", least: 1, most: 3600);

    public static TimeSpan Every(long? seconds) => TimeSpan.FromSeconds(seconds ?? 1);
}
