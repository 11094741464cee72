using AiMe.Corpora;

namespace AiMe.Console.Commands;

/// <summary>The configuration files shipped with the program.</summary>
internal static class BundledFiles
{
    /// <summary>The experiment that <c>aime init</c> copies.</summary>
    public const string Quickstart = "quickstart";

    /// <summary>The default experiment of <c>aime console</c>.</summary>
    public const string Talk = "talk";

    private static readonly string Experiments = Path.Combine(AppContext.BaseDirectory, "config", "experiments");

    /// <summary>The names of the shipped experiments, in ordinal order.</summary>
    public static string[] Names =>
        Directory.Exists(Experiments)
            ? [.. Directory.GetFiles(Experiments, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The names of the shipped replications, in ordinal order.</summary>
    public static string[] Replications =>
        Directory.Exists(ReplicationFolder)
            ?
            [
                .. Directory
                    .GetFiles(ReplicationFolder, "*.yaml")
                    .Select(f => Path.GetFileNameWithoutExtension(f)!)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The file of a shipped replication.</summary>
    public static string Replication(string name) => Path.Combine(ReplicationFolder, $"{name}.yaml");

    private static string ReplicationFolder => Path.Combine(Experiments, "replications");

    /// <summary>The file of a shipped experiment.</summary>
    public static string File(string name) => Path.Combine(Experiments, $"{name}.yaml");

    /// <summary>The shipped policies: their files by name.</summary>
    public static IReadOnlyDictionary<string, string> Policies { get; } =
        (Directory.Exists(PolicyFolder) ? Directory.GetFiles(PolicyFolder, "*.yaml") : []).ToDictionary(
            f => Path.GetFileNameWithoutExtension(f)!,
            StringComparer.Ordinal
        );

    private static string PolicyFolder => Path.Combine(AppContext.BaseDirectory, "config", "policies");

    /// <summary>
    /// Resolves an experiment argument: a file of that name, or else the shipped experiment, which is named on standard
    /// error.
    /// </summary>
    /// <exception cref="UsageException">The argument is a bare name, and neither exists.</exception>
    public static string Resolve(string experiment)
    {
        if (System.IO.File.Exists(experiment) || experiment.Length == 0)
            return experiment;
        if (Names.Contains(experiment, StringComparer.Ordinal))
        {
            System.Console.Error.WriteLine($"{experiment}: the shipped experiment {File(experiment)}");
            return File(experiment);
        }

        if (experiment.AsSpan().IndexOfAny('/', '\\', '.') >= 0)
            return experiment;

        string[] here = [.. Directory.EnumerateFiles(".").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        throw new UsageException(
            $"{experiment}: there is no such file in {Environment.CurrentDirectory} and no shipped experiment of that "
                + $"name, expected a path or one of {string.Join(", ", Names)}{Nearest.Hint(experiment, [.. Names, .. here])}"
        );
    }
}
