using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Forks;

/// <summary>Settings of a fork as the command line gives them.</summary>
/// <param name="Settings">What it would live by; null where something is wrong.</param>
/// <param name="Variant">The same as a variant, for words and for messages; null where something is wrong.</param>
/// <param name="Problems">All that is wrong, and what looks so.</param>
public sealed record ForkSettings(InstanceSettings? Settings, VariantPlan? Variant, ImmutableArray<Problem> Problems);

/// <summary>Reads the <c>--set path=value</c> of a fork: the keys of a variant, over what its parent lived by, and <c>seed</c>.</summary>
public static class ForkReader
{
    private const string OfTheRun =
        "it belongs to the run, and a fork stays in its parent's; a fork may set seed, generate, reflect, memory, train and curate";

    private const string Frozen =
        "a charter is frozen for a life, and for all that branch off from it; a fork may set seed, generate, reflect, "
        + "memory, train and curate";

    /// <summary>Reads them.</summary>
    /// <param name="sets">Overrides such as <c>curate=[keep-all]</c>; the value is YAML.</param>
    /// <param name="spec">The parent's, at the event where the fork branches off.</param>
    public static ForkSettings Read(IEnumerable<string> sets, RunPlan plan, InstanceSpec spec)
    {
        Problems problems = new();
        var root = Override.Apply(new MappingNode(Place.Of("--set"), []), sets, problems);
        Section s = new("", root, problems);
        VariantPlan variant = new(
            spec.Variant,
            SettingsReader.Generate(s.Find("generate"), spec.Self),
            SettingsReader.Memory(s.Find("memory"), spec.Memory),
            SettingsReader.Reflect(s.Find("reflect"), spec.Reflector),
            RuleReader.Policy(s.Find("curate"), spec.Curate),
            TrainReader.OfVariant(s.Find("train"), spec.Trainer)
        );
        var seed = s.Find("seed") is { } field ? SeedOf(field, plan, spec) : spec.Seed;
        s.Close([("charter", Frozen), .. ExperimentFile.RunKeys.Where(k => k is not ("charter" or "seed")).Select(key => (key, OfTheRun))]);
        if (plan.Origin is ModelOrigin.Hosted)
            HostedRules.Check(variant, s);
        else
            HostedRules.CheckEmbedded(variant, plan.Origin is ModelOrigin.Nano nano ? nano.Preset : Defaults.Preset, s);
        return problems.Any
            ? new(null, null, problems.All)
            : new(
                new InstanceSettings(seed, variant.Self, variant.Memory, variant.Reflector, variant.Curate, variant.Trainer),
                variant,
                problems.All
            );
    }

    /// <summary>
    /// The seed of the fork of a number among replicates: derived, so that two forks with one number share it whatever else
    /// differs.
    /// </summary>
    /// <param name="of">What it would live by.</param>
    /// <param name="index">Of the last event that it shares with its parent.</param>
    /// <param name="replicate">From 1.</param>
    public static InstanceSettings Replicate(InstanceSettings of, long index, int replicate) =>
        of with
        {
            Seed = of.Seed.Derive("fork", index, replicate),
        };

    // The seed that this life would have had in a run of that seed. The block's stays: stimuli, anchor draw and held-out set are the run's.
    private static Seed SeedOf(FieldReader field, RunPlan plan, InstanceSpec spec)
    {
        var run = plan with { Seed = new Seed((ulong)field.Whole((long)plan.Seed.Value, 0, long.MaxValue)) };
        return run.BlockSeed(spec.Replicate).Derive("instance", spec.Variant);
    }
}
