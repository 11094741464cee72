using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.Judges;
using AiMe.Models;

namespace AiMe.Lab.Experiments;

/// <summary>The canonical form of an experiment, from which its digest is computed.</summary>
/// <remarks>UTF-8 JSON without whitespace, members in the order of the records, round-trip numbers, no paths.</remarks>
internal static class Canonical
{
    /// <summary>SHA-256 of the canonical form, in hexadecimal.</summary>
    public static string Digest(Experiment experiment) => Hash(Form(experiment));

    /// <summary>The same from a plan, which holds all but the name and what generation 0 is made of.</summary>
    public static string Digest(string name, RunPlan plan, CanonicalModel model, IdentityTuning? identity) =>
        Hash(Form(name, plan, model, identity));

    public static byte[] Form(Experiment e) => Form(e.Name, e.Plan("", default, origin: null), Of(e.Model), e.Identity);

    private static byte[] Form(string name, RunPlan p, CanonicalModel model, IdentityTuning? identity) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new CanonicalExperiment(
                Form: 1,
                name,
                p.Seed,
                p.Replicates,
                p.Epoch.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                (long)p.Tick.TotalSeconds,
                p.Every,
                model,
                p.InternalEvery,
                p.Charter,
                p.Probes,
                p.Stimuli,
                WithoutConnections(p.Variants),
                p.LoopVersion,
                p.Analysis,
                identity,
                p.Charters is { } several ? [.. several.Select(c => c with { Base = null })] : null,
                p.Interventions.IsDefaultOrEmpty ? null : [.. p.Interventions.Select(WithoutConnection)],
                p.Index is { } index ? new CanonicalIndex(index.Store.Kind, index.Store.IsExact, index.Candidates) : null
            ),
            CanonicalJson.Default.CanonicalExperiment
        );

    /// <summary>What a judge is: ratings of judges with one digest can stand for each other.</summary>
    public static string Digest(Rubric rubric, JudgeModel? model, Sampling sampling) =>
        Hash(
            JsonSerializer.SerializeToUtf8Bytes(
                new CanonicalJudge(Form: 1, rubric, model is null ? null : JudgeClients.IdentityOf(model), sampling),
                CanonicalJson.Default.CanonicalJudge
            )
        );

    // How the server of a judge is reached does not change what it is asked. The model of generation 0 follows from its recipe.
    private static ImmutableArray<VariantPlan> WithoutConnections(ImmutableArray<VariantPlan> variants) =>
        [.. variants.Select(v => v with { Curate = [.. v.Curate.Select(WithoutConnection)], Base = null })];

    private static ScheduledIntervention WithoutConnection(ScheduledIntervention intervention) =>
        intervention.Do is InterventionAction.SetPolicy set
            ? intervention with
            {
                Do = new InterventionAction.SetPolicy([.. set.Policy.Select(WithoutConnection)]),
            }
            : intervention;

    private static Rule WithoutConnection(Rule rule) =>
        rule switch
        {
            ModelJudge { Model: { } model } judge => judge with { Model = JudgeClients.IdentityOf(model) },
            Matched matched => matched with { Policy = [.. matched.Policy.Select(WithoutConnection)] },
            _ => rule,
        };

    private static string Hash(byte[] form) => Convert.ToHexStringLower(SHA256.HashData(form));

    /// <summary>What a base model is made of.</summary>
    public static CanonicalModel Of(BaseModel model) => Bare(model) with { Embedder = model.Embedder };

    private static CanonicalModel Bare(BaseModel model) =>
        model switch
        {
            NanoModel m => new CanonicalNano(m.Preset, m.CorpusDigest, m.Records, new Seed(m.Seed), m.Epochs)
            {
                Checkpoint = m.Checkpoint is { } c ? new CanonicalCheckpoint(c.Files, c.Context, c.Template) : null,
            },
            DistributionModel m => new CanonicalDistribution(m.Shape.Dimensions, m.Records, new Seed(m.Seed), m.Shape.Categories),
            OpenAiModel m => new CanonicalOpenAi(
                m.Chat,
                m.Embeddings,
                m.BaseUrl,
                m.Dimensions,
                m.LogProbabilities,
                m.Samples,
                m.Reasoning,
                LeftOut(m),
                m.Scoring,
                m.SendNames,
                m.ChatTemplate,
                m.HeldOut?.Data
            ),
            _ => throw new UnreachableException(),
        };

    // Two parameters change neither what is sampled nor what is measured.
    private static ImmutableArray<string>? LeftOut(OpenAiModel model)
    {
        ImmutableArray<string> left =
        [
            .. model
                .LeaveOut.Where(p => p is not (RequestParameters.EncodingFormat or RequestParameters.StreamOptions))
                .Order(StringComparer.Ordinal),
        ];
        return left.IsEmpty ? null : left;
    }
}

/// <param name="Form">
/// Version of the canonical form, raised when the form changes, so that ids of different forms differ.
/// </param>
/// <param name="Tick">Seconds.</param>
/// <param name="LoopVersion">Not written for the first version, which had no such member.</param>
/// <param name="Analysis">Not written if nothing is declared.</param>
/// <param name="Identity">Not written if the base model is generation 0.</param>
/// <param name="Charters">Not written if there is one.</param>
/// <param name="Interventions">Not written if nothing is scheduled.</param>
/// <param name="Index">Not written for the embedded index.</param>
internal sealed record CanonicalExperiment(
    int Form,
    string Name,
    Seed Seed,
    int Replicates,
    string Epoch,
    long Tick,
    int Every,
    CanonicalModel Model,
    int InternalEvery,
    Charter Charter,
    ProbeSet Probes,
    ImmutableArray<Stimulus> Stimuli,
    ImmutableArray<VariantPlan> Variants,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LoopVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AnalysisPlan? Analysis,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IdentityTuning? Identity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<CharterPlan>? Charters,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<ScheduledIntervention>? Interventions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CanonicalIndex? Index
);

/// <summary>How memories are found. Where the store is changes nothing.</summary>
internal sealed record CanonicalIndex(string Store, bool Exact, int Candidates);

/// <param name="Form">Version of the form.</param>
/// <param name="Model">Null for the run's hosted model, which is part of the run.</param>
internal sealed record CanonicalJudge(int Form, Rubric Rubric, JudgeModel? Model, Sampling Sampling);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "provider")]
[JsonDerivedType(typeof(CanonicalNano), "nano")]
[JsonDerivedType(typeof(CanonicalOpenAi), "openai")]
[JsonDerivedType(typeof(CanonicalDistribution), "distribution")]
internal abstract record CanonicalModel
{
    /// <summary>Not written if the embedder is the provider's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LocalEmbedder? Embedder { get; init; }
}

internal sealed record CanonicalNano(
    string Preset,
    string Corpus,
    int Records,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Epochs = null
) : CanonicalModel
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CanonicalCheckpoint? Checkpoint { get; init; }
}

/// <param name="Files">SHA-256 over the checkpoint's files, wherever they are.</param>
internal sealed record CanonicalCheckpoint(string Files, int Context, string? Template);

internal sealed record CanonicalDistribution(
    int Dimensions,
    int Records,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Categories = null
) : CanonicalModel;

internal sealed record CanonicalOpenAi(
    string Chat,
    string Embeddings,
    string BaseUrl,
    int? Dimensions,
    bool LogProbabilities,
    int Samples,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReasoningTags? Reasoning = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? LeaveOut = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scoring = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool SendNames = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ChatTemplate = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HeldOut = null
) : CanonicalModel;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanonicalExperiment)), JsonSerializable(typeof(CanonicalJudge))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
