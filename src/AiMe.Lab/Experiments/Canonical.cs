using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.Experiments;

/// <summary>The canonical form of an experiment, from which its digest is computed.</summary>
/// <remarks>UTF-8 JSON without whitespace, members in the order of the records, round-trip numbers, no paths.</remarks>
internal static class Canonical
{
    /// <summary>SHA-256 of the canonical form, in hexadecimal.</summary>
    public static string Digest(Experiment experiment) => Convert.ToHexStringLower(SHA256.HashData(Form(experiment)));

    public static byte[] Form(Experiment e) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new CanonicalExperiment(
                Form: 1,
                e.Name,
                e.Seed,
                e.Replicates,
                e.Epoch.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                (long)e.Tick.TotalSeconds,
                e.Every,
                Of(e.Model),
                e.InternalEvery,
                e.Charter,
                e.Probes,
                e.Stimuli,
                e.Variants,
                e.LoopVersion,
                e.Analysis,
                e.Identity
            ),
            CanonicalJson.Default.CanonicalExperiment
        );

    private static CanonicalModel Of(BaseModel model) =>
        model switch
        {
            NanoModel m => new CanonicalNano(m.Preset, m.CorpusDigest, m.Records, new Seed(m.Seed)),
            OpenAiModel m => new CanonicalOpenAi(
                m.Chat,
                m.Embeddings,
                m.BaseUrl,
                m.Dimensions,
                m.LogProbabilities,
                m.Samples,
                m.Reasoning,
                LeftOut(m)
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IdentityTuning? Identity
);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "provider")]
[JsonDerivedType(typeof(CanonicalNano), "nano")]
[JsonDerivedType(typeof(CanonicalOpenAi), "openai")]
internal abstract record CanonicalModel;

internal sealed record CanonicalNano(string Preset, string Corpus, int Records, Seed Seed) : CanonicalModel;

internal sealed record CanonicalOpenAi(
    string Chat,
    string Embeddings,
    string BaseUrl,
    int? Dimensions,
    bool LogProbabilities,
    int Samples,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReasoningTags? Reasoning,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? LeaveOut
) : CanonicalModel;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanonicalExperiment))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
