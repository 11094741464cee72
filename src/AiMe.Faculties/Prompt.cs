using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Faculties.Memory;

namespace AiMe.Faculties;

/// <summary>The name of a model: the SHA-256 of a checkpoint's weights, or a hosted model's name.</summary>
[JsonConverter(typeof(ModelIdJson))]
public readonly record struct ModelId(string Value)
{
    /// <summary>Used if no model was sampled, because the answer was given from outside.</summary>
    public static ModelId Given { get; } = new("given");

    /// <summary>
    /// The short form for display: the first twelve digits of a checkpoint's SHA-256, or a hosted model's whole name.
    /// </summary>
    public string Short => Value.Length == 64 && Value.All(char.IsAsciiHexDigit) ? Value[..12] : Value;

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>The kind of text in a part of a prompt.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PartKind>))]
public enum PartKind
{
    /// <summary>The charter's stem.</summary>
    [JsonStringEnumMemberName("charter")]
    Charter,

    /// <summary>The self-model at that time.</summary>
    [JsonStringEnumMemberName("self-model")]
    SelfModel,

    /// <summary>A recalled memory. It is marked, and never stored again as new.</summary>
    [JsonStringEnumMemberName("recalled")]
    Recalled,

    /// <summary>An external stimulus.</summary>
    [JsonStringEnumMemberName("stimulus")]
    Stimulus,

    /// <summary>An internal drive.</summary>
    [JsonStringEnumMemberName("drive")]
    Drive,

    /// <summary>An earlier answer (in a reflection's prompt), or the beginning of one (in a probe's).</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,

    /// <summary>An earlier reflection (in an insight's prompt).</summary>
    [JsonStringEnumMemberName("reflection")]
    Reflection,
}

/// <summary>A part of a prompt.</summary>
/// <param name="From">The id of the recalled memory; null for other text.</param>
public sealed record PromptPart(PartKind Kind, string Text, MemoryId? From = null);

/// <summary>The input of a model: parts in order.</summary>
public sealed record Prompt(ImmutableArray<PromptPart> Parts)
{
    /// <summary>The charter's stem and the stimulus alone: the prompt of the bare model and of training.</summary>
    public static Prompt Bare(Charter charter, Stimulus stimulus) => new([new(PartKind.Charter, charter.Stem), Of(stimulus)]);

    /// <summary>The prompt of the whole agent: charter, self-model, recalled memories, stimulus.</summary>
    public static Prompt Agent(Charter charter, string selfModel, IEnumerable<Hit> recalled, Stimulus stimulus) =>
        new([
            new(PartKind.Charter, charter.Stem),
            new(PartKind.SelfModel, selfModel),
            .. recalled.Select(hit => new PromptPart(PartKind.Recalled, hit.Text, hit.Id)),
            Of(stimulus),
        ]);

    /// <summary>This prompt with a part appended.</summary>
    public Prompt With(PartKind kind, string text) => new([.. Parts, new(kind, text)]);

    /// <summary>This prompt without recalled text and self-model, as training uses it.</summary>
    public Prompt WithoutRecall() => new([.. Parts.Where(p => p.Kind is not (PartKind.Recalled or PartKind.SelfModel))]);

    /// <summary>This prompt without some of its parts.</summary>
    /// <param name="indices">Indices of parts; empty or default for none.</param>
    public Prompt Without(ImmutableArray<int> indices) =>
        indices.IsDefaultOrEmpty ? this : new([.. Parts.Where((_, i) => !indices.Contains(i))]);

    /// <summary>Ids of the memories recalled into this prompt.</summary>
    [JsonIgnore]
    public IEnumerable<MemoryId> Recalled => Parts.Where(p => p.From is not null).Select(p => p.From!.Value);

    private static PromptPart Of(Stimulus stimulus) => new(stimulus.Internal ? PartKind.Drive : PartKind.Stimulus, stimulus.Text);
}

/// <summary>JSON converter of <see cref="ModelId"/>, for source-generated contexts.</summary>
public sealed class ModelIdJson : JsonConverter<ModelId>
{
    /// <inheritdoc />
    public override ModelId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A model id is a text, not null."));

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, ModelId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
