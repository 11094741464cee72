using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the <c>model</c> of a variant over that of the experiment; missing keys keep the experiment's values.</summary>
/// <param name="model">That of the experiment; null if it is invalid.</param>
/// <param name="namesRecords">Whether the experiment names the number of records; else it follows from the preset.</param>
internal sealed class VariantModelReader(BaseModel? model, bool namesRecords)
{
    public const string How =
        "another size or another first training of the embedded model, over the experiment's model; the corpus, and the identity if "
        + "there is one, are the experiment's";

    private const string Shared =
        "all variants of a run share it, so that their models have learned the same text; a variant may set preset, records, epochs "
        + "and seed of its model";

    /// <summary>The keys that a variant may set.</summary>
    public static ImmutableArray<string> Keys { get; } = ["preset", "records", "epochs", "seed"];

    private static readonly string[] OfTheRun = ["provider", "corpus"];

    /// <summary>
    /// The model of the run and the variants over it: if no variant has the experiment's model, the first variant's takes its place,
    /// so that no model is trained that none has.
    /// </summary>
    public static (BaseModel? Model, ImmutableArray<VariantPlan> Variants) Settle(BaseModel? model, ImmutableArray<VariantPlan> variants)
    {
        if (model is not NanoModel nano || variants.IsEmpty || variants.Any(v => v.Model is null))
            return (model, variants);
        var first = variants[0].Model!;
        return (
            nano with
            {
                Preset = first.Preset,
                Records = first.Records,
                Seed = first.Seed,
                Epochs = first.Epochs,
            },
            [.. variants.Select(v => v.Model == first ? v with { Model = null } : v)]
        );
    }

    /// <summary>The model of a variant; null if it is that of the experiment, or invalid.</summary>
    public VariantModel? Read(FieldReader? field)
    {
        if (field?.Section("a mapping such as {preset: small}") is not { } s)
            return null;
        if (field.Asked is not null || model is NanoModel { Checkpoint: null } or null)
            return Of(s, model as NanoModel, field.Asked is not null);
        field.Fail(
            "only variants of a preset may have models of their own, and this experiment has "
                + (
                    model is DistributionModel ? "a distribution"
                    : model is NanoModel ? "a checkpoint"
                    : "a hosted model"
                )
                + "; remove the key"
        );
        return null;
    }

    private VariantModel? Of(Section s, NanoModel? common, bool asked)
    {
        var preset = s.Word("preset", Keywords.Presets, common?.Preset ?? Defaults.Preset, "its size");
        var records = s.Whole(
            "records",
            namesRecords && common is not null ? common.Records : Defaults.Records(preset),
            1,
            PlanLimits.Records,
            "exchanges of the corpus in its training text; those of the experiment's model if it names them, else those of the preset"
        );
        var epochs = s.Find("epochs", "passes over its training text; those of the experiment's model if it names them") is { } field
            ? (int)field.Whole(1, 1, ModelReader.MostEpochs)
            : common?.Epochs;
        var seed = s.Seed(
            "seed",
            (long)(common?.Seed ?? Defaults.ModelSeed),
            "seed of its first training; with another seed the corpus stream differs too"
        );
        s.Close([.. OfTheRun.Select(key => (key, Shared))]);
        VariantModel read = new(preset, records, (ulong)seed, epochs);
        return asked || common is null || read == new VariantModel(common.Preset, common.Records, common.Seed, common.Epochs) ? null : read;
    }
}
