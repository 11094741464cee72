using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties;

/// <summary>
/// The name of an experience or an insight within its instance: <c>e12</c> for cycle 12, <c>i3</c> for the third
/// insight.
/// </summary>
[JsonConverter(typeof(MemoryIdJson))]
public readonly record struct MemoryId(string Value)
{
    /// <summary>The experience of a cycle.</summary>
    public static MemoryId OfCycle(int cycle) => new($"e{cycle}");

    /// <summary>The nth insight, from 1.</summary>
    public static MemoryId OfInsight(int ordinal) => new($"i{ordinal}");

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>What arrives.</summary>
/// <param name="Id">The stimulus' name in its source, or the drive's.</param>
/// <param name="Text">What is said to the instance, or what it asks itself.</param>
/// <param name="Topic">One word or short phrase.</param>
/// <param name="Internal">True for an internal drive.</param>
/// <param name="Check">For a checkable problem, the text that a right answer contains; else null.</param>
public sealed record Stimulus(string Id, string Text, string Topic, bool Internal = false, string? Check = null);

/// <summary>An experience that happened elsewhere and is told: what was answered, and what was thought of it.</summary>
/// <param name="Reflection">Null where nothing is known of it: then the instance reflects on it itself.</param>
public sealed record Given(string Output, string? Reflection);

/// <summary>What is measured of one candidate output. NaN where undefined.</summary>
/// <param name="Alignment">
/// Fit with the charter, in [0, 1]: a percentile rank for a local model, .5 is typical of the frozen base model.
/// </param>
/// <param name="Quality">Fluency, in [0, 1], ranked likewise; repeats are penalised.</param>
/// <param name="Coherence">
/// Mean cosine of adjacent sentences minus that of all pairs, in [-2, 2]; NaN below three sentences.
/// </param>
/// <param name="Perplexity">exp of the mean negative log-likelihood under the frozen base model, in [1, inf).</param>
/// <param name="SelfReference">First-person statements about itself per 100 words, 0 or more.</param>
/// <param name="Correctness">1 or 0 for a checkable problem; NaN for anything else.</param>
public sealed record Scores(double Alignment, double Quality, double Coherence, double Perplexity, double SelfReference, double Correctness)
{
    /// <summary>Nothing measured.</summary>
    public static readonly Scores Undefined = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>One sampled output for a stimulus.</summary>
/// <param name="Tokens">Tokens sampled.</param>
/// <param name="Nats">
/// Sum of ln p of the sampled tokens under the model that spoke; 0 or less. NaN where the provider does not tell.
/// </param>
/// <param name="Finish">Why it ended: <c>stop</c> or <c>length</c>; <c>given</c> where no model spoke.</param>
public sealed record Candidate(string Text, int Tokens, double Nats, string Finish, Scores Scores);

/// <summary>What the Curator decides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>To be learned from, and recallable.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>Stays in the journal; neither learned from nor recalled.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,

    /// <summary>Waits for a person; recallable, not learned from.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}

/// <summary>A turn of the loop as it travels from faculty to faculty, before its verdict.</summary>
/// <param name="Prompt">
/// What was composed for the model; recalled text is marked as such. A provider whose context is too short for it
/// leaves out recalled memories from the last on, and then the self-model.
/// </param>
/// <param name="Answer">The chosen candidate.</param>
/// <param name="Model">The champion: the checkpoint that spoke, where it was not given.</param>
/// <param name="Given">What was told of the experience, where no model spoke; else null.</param>
/// <param name="Others">
/// What else was sampled for the stimulus, where preferences are learned from; else default, and not written.
/// </param>
public sealed record Draft(
    int Cycle,
    DateTime At,
    Stimulus Stimulus,
    Prompt Prompt,
    Candidate Answer,
    ModelId Model,
    Given? Given = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Others = default
)
{
    /// <summary>The name that the experience will bear.</summary>
    [JsonIgnore]
    public MemoryId Id => MemoryId.OfCycle(Cycle);
}

/// <summary>What the Reflector thought of an output.</summary>
/// <param name="Text">
/// How it aligns with the goals and what could be improved. May be empty where reflection failed; never an error text.
/// </param>
/// <param name="Alignment">In [0, 1].</param>
/// <param name="Quality">In [0, 1].</param>
/// <param name="Importance">1 (mundane) to 10 (poignant), as in Park et al. 2023.</param>
public sealed record Reflection(string Text, double Alignment, double Quality, double Importance);

/// <summary>A higher-level statement, with the experiences that it rests on.</summary>
public sealed record Insight(MemoryId Id, string Statement, ImmutableArray<MemoryId> Evidence);

/// <summary>The Curator's answer, with every rule's column.</summary>
public sealed record Judgement(Verdict Verdict, ImmutableArray<RuleColumn> Columns, double Novelty, double Similarity)
{
    /// <summary>The reasons of the rules that did not pass, in the policy's order.</summary>
    [JsonIgnore]
    public IEnumerable<string> Reasons => Columns.Where(c => c.Vote != Vote.Pass).Select(c => $"{c.Rule}: {c.Reason}");
}

internal sealed class MemoryIdJson : JsonConverter<MemoryId>
{
    public override MemoryId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A memory id is a text, not null."));

    public override void Write(Utf8JsonWriter writer, MemoryId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
