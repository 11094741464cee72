using System.Text.RegularExpressions;
using AiMe.Console.Commands;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>What a new life is made from, as the command line names it; nulls for what it leaves open.</summary>
internal sealed record TalkRequest(string? Charter, string? Experiment, string? Variant, string? As, long? Seed, string[] Sets)
{
    /// <summary>The options that were given, for a message.</summary>
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

/// <summary>The life that is to be spoken to.</summary>
/// <param name="Experiment">What it is made from, where it may be new; null for one that was named.</param>
internal sealed partial record TalkTarget(Experiment? Experiment, string Run, string Instance)
{
    // The name 'run/instance' has at most 64 characters: a name of 22 leaves room for a fork's.
    private const int LongestName = 22;

    /// <summary>An instance of the store.</summary>
    /// <exception cref="UsageException">There is none of that name, or it cannot be spoken to.</exception>
    public static async Task<TalkTarget> NamedAsync(StoreAddress address, string name)
    {
        await using var store = Stores.OpenReadOnly(address);
        var (run, instance) = await StoreLookup.InstanceAsync(store, name, CancellationToken.None);
        RunHosting.MustListen(run, instance, address);
        return new(null, run.Plan!.Run, instance);
    }

    /// <summary>The life that these settings name: the same settings are the same life.</summary>
    /// <exception cref="UsageException">They are wrong.</exception>
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
        PreparedModels.Check(experiment); // before a store is made: what is wrong with it must leave nothing behind
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
                : throw new UsageException($"which variant of {experiment.Source}? Say --variant with one of {string.Join(", ", names)}");
        return experiment.Variants.FirstOrDefault(v => v.Name == name)
            ?? throw new UsageException(
                $"--variant: {experiment.Source} has no variant '{name}', expected one of "
                    + $"{string.Join(", ", names)}{Nearest.Hint(name, names)}"
            );
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex NameForm();
}
