using System.Text.RegularExpressions;
using AiMe.Console.Commands;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>Settings of a new instance from the command line; null if not given.</summary>
internal sealed record TalkRequest(string? Charter, string? Experiment, string? Variant, string? As, long? Seed, string[] Sets)
{
    /// <summary>The given options, for a message.</summary>
    public string[] Given =>
        [
            .. new[]
            {
                ("--charter", Charter is not null),
                ("--experiment", Experiment is not null),
                ("--variant", Variant is not null),
                ("--as", As is not null),
                ("--seed", Seed is not null),
                ("--set", Sets.Length > 0),
            }
                .Where(o => o.Item2)
                .Select(o => o.Item1),
        ];
}

/// <summary>The instance of a conversation.</summary>
/// <param name="Experiment">Its settings, if it may be new; null for an instance given by name.</param>
internal sealed partial record TalkTarget(Experiment? Experiment, string Run, string Instance)
{
    // The name 'run/instance' has at most 64 characters: a name of 22 leaves room for a fork's.
    private const int LongestName = 22;

    /// <summary>Finds an instance of the store.</summary>
    /// <exception cref="UsageException">The instance does not exist, or cannot receive input.</exception>
    public static async Task<TalkTarget> NamedAsync(StoreAddress address, string name)
    {
        await using var store = Stores.OpenReadOnly(address);
        var (run, instance) = await StoreLookup.InstanceAsync(store, name, CancellationToken.None);
        RunHosting.MustListen(run, instance, address);
        return new(null, run.Plan!.Run, instance);
    }

    /// <summary>Finds or describes the instance with these settings: equal settings mean the same instance.</summary>
    /// <exception cref="UsageException">The settings are invalid.</exception>
    public static TalkTarget Wished(TalkRequest wish)
    {
        if (wish.As is { } name && (!NameForm().IsMatch(name) || name.Length > LongestName || name == "supervisor"))
            throw new UsageException(
                $"--as: found '{name}', expected a name of at most {LongestName} small letters, digits and hyphens that "
                    + "begins with a letter or digit"
            );
        var file = wish.Experiment ?? BundledFiles.File(BundledFiles.Talk);
        string[] charter = wish.Charter is { } path ? [$"charter='{path.Replace("'", "''", StringComparison.Ordinal)}'"] : [];
        var experiment = SharedOptions.Load(file, [.. charter, .. wish.Sets], wish.Seed);
        PreparedModels.Check(experiment); // before the store is created
        PreparedModels.CheckKey(experiment);
        var companion = AdHocExperiment.Of(experiment, VariantOf(experiment, wish.Variant), wish.As);
        return new(companion, companion.RunId, RunPlan.NameOf(companion.Variants[0], 1));
    }

    private static VariantPlan VariantOf(Experiment experiment, string? name)
    {
        string[] names = [.. experiment.Variants.Select(v => v.Name)];
        if (name is null)
            return names.Length == 1
                ? experiment.Variants[0]
                : throw new UsageException(
                    $"{experiment.Source} has several variants, expected --variant with one of {string.Join(", ", names)}"
                );
        return experiment.Variants.FirstOrDefault(v => v.Name == name)
            ?? throw new UsageException(
                $"--variant: {experiment.Source} has no variant '{name}', expected one of "
                    + $"{string.Join(", ", names)}{Nearest.Hint(name, names)}"
            );
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex NameForm();
}
