using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>The one form in which an experiment is hashed.</summary>
/// <remarks>UTF-8 JSON without blanks, members in the order of the records, numbers round-trip, no paths.</remarks>
internal static class Canonical
{
    /// <summary>SHA-256 over the canonical form, in hexadecimal.</summary>
    public static string Digest(Experiment experiment) => Convert.ToHexStringLower(SHA256.HashData(Form(experiment)));

    public static byte[] Form(Experiment e) => JsonSerializer.SerializeToUtf8Bytes(
        new CanonicalExperiment(
            Form: 1,
            e.Name,
            e.Seed,
            e.Replicates,
            e.Epoch.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            (long)e.Tick.TotalSeconds,
            e.Every,
            new(e.Model.Provider, e.Model.Preset, e.Model.CorpusDigest, e.Model.Records, new Seed(e.Model.Seed)),
            e.InternalEvery,
            e.Charter,
            e.Probes,
            e.Stimuli,
            e.Variants),
        CanonicalJson.Default.CanonicalExperiment);
}

/// <param name="Form">Raised when the form changes, so that the ids of the old form can be told from the new.</param>
/// <param name="Tick">Seconds.</param>
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
    ImmutableArray<VariantPlan> Variants);

internal sealed record CanonicalModel(string Provider, string Preset, string Corpus, int Records, Seed Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanonicalExperiment))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
