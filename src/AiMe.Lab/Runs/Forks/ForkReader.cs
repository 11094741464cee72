using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Judges;
using AiMe.Nano;
using AiMe.Nano.Checkpoints;

namespace AiMe.Lab.Runs.Forks;

/// <summary>Settings of a fork from the command line.</summary>
/// <param name="Settings">The fork's settings; null if there is an error.</param>
/// <param name="Variant">The same as a variant, for messages; null if there is an error.</param>
/// <param name="Problems">All errors and warnings.</param>
public sealed record ForkSettings(InstanceSettings? Settings, VariantPlan? Variant, ImmutableArray<Problem> Problems);

/// <summary>
/// Reads the <c>--set path=value</c> of a fork: <c>seed</c> and the keys of a variant, over the parent's settings.
/// </summary>
public static class ForkReader
{
    private const string OfTheRun =
        "it belongs to the run, which a fork shares with its parent; a fork may set seed, generate, reflect, memory, train and curate";

    private const string Frozen =
        "the charter of an instance and of its forks is fixed; a fork may set seed, generate, reflect, " + "memory, train and curate";

    /// <summary>Reads the settings.</summary>
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
            RuleReader.Policy(s.Find("curate"), spec.Curate, [.. plan.Variants.Select(v => (v.Name, v.Curate))]),
            TrainReader.OfVariant(s.Find("train"), spec.Trainer)
        );
        var origin = plan.OriginOf(spec.Base);
        var seed = s.Find("seed") is { } field ? SeedOf(field, plan, spec) : spec.Seed;
        s.Close([("charter", Frozen), .. ExperimentFile.RunKeys.Where(k => k is not ("charter" or "seed")).Select(key => (key, OfTheRun))]);
        if (origin is ModelOrigin.Hosted)
            HostedRules.Check(variant, s);
        else if (origin is ModelOrigin.Fitted)
            DistributionRules.Check(variant, s);
        else
            HostedRules.CheckEmbedded(variant, WidthOf(origin as ModelOrigin.Nano), s);
        CheckJudges(variant, plan, s);
        return problems.Any
            ? new(null, null, problems.All)
            : new(
                new InstanceSettings(seed, variant.Self, variant.Memory, variant.Reflector, variant.Curate, variant.Trainer),
                variant,
                problems.All
            );
    }

    // The folder of a checkpoint may be gone; the fork then fails when its models are prepared, with the folder's name.
    private static (int Width, string Model) WidthOf(ModelOrigin.Nano? origin)
    {
        if (origin?.Checkpoint is not { } folder)
            return (NanoConfig.Preset(origin?.Preset ?? Defaults.Preset).Width, $"preset {origin?.Preset ?? Defaults.Preset}");
        try
        {
            return (CheckpointFolder.Open(folder.Folder).Config.Width, $"the checkpoint {folder.Folder}");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return (int.MaxValue, folder.Folder);
        }
    }

    /// <summary>
    /// The settings of a replicate: its seed is derived, so that two forks with one number share it even if other
    /// settings differ.
    /// </summary>
    /// <param name="of">Settings of the fork.</param>
    /// <param name="index">Index of the last event that it shares with its parent.</param>
    /// <param name="replicate">From 1.</param>
    public static InstanceSettings Replicate(InstanceSettings of, long index, int replicate) =>
        of with
        {
            Seed = of.Seed.Derive("fork", index, replicate),
        };

    // The host of a run connects to the judges of its plan, and counts their costs.
    private static void CheckJudges(VariantPlan variant, RunPlan plan, Section s)
    {
        var known = JudgeClients.In(plan.Policies).Select(JudgeClients.IdentityOf).ToArray();
        foreach (var model in JudgeClients.In([variant.Curate]).Where(m => !known.Contains(JudgeClients.IdentityOf(m))))
            s.Problems.Fail(
                s.Find("curate")!.At,
                "curate",
                $"the judge {model.Chat} at {model.BaseUrl} is the model of no variant's judge; expected "
                    + (known.Length == 0 ? "a policy without a model for its judge" : string.Join(", ", known.Select(k => k.Chat)))
            );
    }

    // The seed that this instance would have in a run with the given seed. The block's seed stays: stimuli, anchor data
    // and held-out set belong to the run.
    private static Seed SeedOf(FieldReader field, RunPlan plan, InstanceSpec spec)
    {
        var run = plan with { Seed = new Seed((ulong)field.Whole((long)plan.Seed.Value, 0, long.MaxValue)) };
        return run.BlockSeed(spec.Replicate).Derive("instance", spec.Variant);
    }
}
