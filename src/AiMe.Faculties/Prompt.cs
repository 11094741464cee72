using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Faculties.Memory;

namespace AiMe.Faculties;

/// <summary>The name of a model: the SHA-256 of a checkpoint's weights, or a hosted model's name.</summary>
[JsonConverter(typeof(ModelIdJson))]
public readonly record struct ModelId(string Value)
{
    /// <summary>Stands where no model spoke: the experience was given from outside.</summary>
    public static ModelId Given { get; } = new("given");

    /// <summary>
    /// For people: the first twelve digits of a checkpoint's SHA-256, or a hosted model's whole name.
    /// </summary>
    public string Short => Value.Length == 64 && Value.All(char.IsAsciiHexDigit) ? Value[..12] : Value;

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>What kind of text a part of a prompt is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PartKind>))]
public enum PartKind
{
    /// <summary>The charter's stem.</summary>
    [JsonStringEnumMemberName("charter")]
    Charter,

    /// <summary>The self-model as it was.</summary>
    [JsonStringEnumMemberName("self-model")]
    SelfModel,

    /// <summary>A recalled memory: marked, and never stored again as new.</summary>
    [JsonStringEnumMemberName("recalled")]
    Recalled,

    /// <summary>What was said to the instance.</summary>
    [JsonStringEnumMemberName("stimulus")]
    Stimulus,

    /// <summary>What the instance asked itself.</summary>
    [JsonStringEnumMemberName("drive")]
    Drive,

    /// <summary>An answer already given (in a reflection's prompt), or the beginning of one (in a probe's).</summary>
    [JsonStringEnumMemberName("answer")]
    Answer,

    /// <summary>A reflection already made (in an insight's prompt).</summary>
    [JsonStringEnumMemberName("reflection")]
    Reflection,
}

/// <summary>A part of a prompt.</summary>
/// <param name="From">For recalled text, the memory that it comes from; else null.</param>
public sealed record PromptPart(PartKind Kind, string Text, MemoryId? From = null);

/// <summary>What a model is given, in order.</summary>
public sealed record Prompt(ImmutableArray<PromptPart> Parts)
{
    /// <summary>
    /// The charter's stem and the stimulus alone: what the bare model is given, and what training learns under.
    /// </summary>
    public static Prompt Bare(Charter charter, Stimulus stimulus) => new([new(PartKind.Charter, charter.Stem), Of(stimulus)]);

    /// <summary>The whole agent: charter, self-model, recalled memories, stimulus.</summary>
    public static Prompt Agent(Charter charter, string selfModel, IEnumerable<Hit> recalled, Stimulus stimulus) =>
        new([
            new(PartKind.Charter, charter.Stem),
            new(PartKind.SelfModel, selfModel),
            .. recalled.Select(hit => new PromptPart(PartKind.Recalled, hit.Text, hit.Id)),
            Of(stimulus),
        ]);

    /// <summary>This prompt with a part behind it.</summary>
    public Prompt With(PartKind kind, string text) => new([.. Parts, new(kind, text)]);

    /// <summary>This prompt without recalled text and self-model: what training learns under.</summary>
    public Prompt WithoutRecall() => new([.. Parts.Where(p => p.Kind is not (PartKind.Recalled or PartKind.SelfModel))]);

    /// <summary>The memories recalled into this prompt.</summary>
    [JsonIgnore]
    public IEnumerable<MemoryId> Recalled => Parts.Where(p => p.From is not null).Select(p => p.From!.Value);

    private static PromptPart Of(Stimulus stimulus) => new(stimulus.Internal ? PartKind.Drive : PartKind.Stimulus, stimulus.Text);
}

internal sealed class ModelIdJson : JsonConverter<ModelId>
{
    public override ModelId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A model id is a text, not null."));

    public override void Write(Utf8JsonWriter writer, ModelId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
