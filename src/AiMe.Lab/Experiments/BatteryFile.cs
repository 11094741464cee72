using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>A file of probes by itself, without an experiment.</summary>
public static class BatteryFile
{
    /// <summary>Whether a file is meant as one: a mapping that has a list of probes and no variants.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path))
            return false;
        var root = TextFile.ReadMapping(path, "a set of probes", new Problems());
        return root is not null
            && root.Entries.Any(e => e is { Key: "probes", Value: SequenceNode })
            && !root.Entries.Any(e => e.Key is "variants" or "matrix");
    }

    /// <summary>Reads a battery; null exactly if a problem is an error.</summary>
    public static (ProbeSet? Battery, ImmutableArray<Problem> Problems) Read(string path)
    {
        Problems problems = new();
        var battery = ProbeFile.Read(path, problems);
        return (problems.Any ? null : battery, problems.All);
    }

    /// <summary>Its size in words, such as <c>80 choice probes on 4 scales (280 wordings), 8 open ones</c>.</summary>
    public static string Words(ProbeSet battery)
    {
        var scales = battery.Choices.Select(c => c.Measures).Distinct(StringComparer.Ordinal).Count();
        var twins = battery.Open.Count(o => o.Twin is not null);
        return $"{battery.Choices.Length} choice {(battery.Choices.Length == 1 ? "probe" : "probes")} on {scales} "
            + $"{(scales == 1 ? "scale" : "scales")} ({battery.Choices.Sum(c => c.Asks.Length)} wordings), {battery.Open.Length} open "
            + $"{(battery.Open.Length == 1 ? "one" : "ones")}{(twins > 0 ? $" of which {twins} scored" : "")}";
    }
}
