using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties;

/// <summary>
/// The id of an experience or an insight within its instance: <c>e12</c> for cycle 12, <c>i3</c> for the third insight.
/// </summary>
[JsonConverter(typeof(MemoryIdJson))]
public readonly record struct MemoryId(string Value)
{
    /// <summary>The experience of a cycle.</summary>
    public static MemoryId OfCycle(int cycle) => new($"e{cycle}");

    /// <summary>The nth insight, from 1.</summary>
    public static MemoryId OfInsight(int ordinal) => new($"i{ordinal}");

    /// <summary>Whether this is the experience of a cycle up to the given one.</summary>
    public bool IsOfCycleUpTo(int cycle) =>
        Value.StartsWith('e')
        && int.TryParse(Value.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var own)
        && own <= cycle;

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>The input of a cycle.</summary>
/// <param name="Id">The id of the stimulus in its source, or of the drive.</param>
/// <param name="Text">The text of the stimulus or the drive.</param>
/// <param name="Topic">One word or a short phrase.</param>
/// <param name="Internal">Whether this is an internal drive.</param>
/// <param name="Check">For a checkable problem, the text that a correct answer contains; else null.</param>
public sealed record Stimulus(string Id, string Text, string Topic, bool Internal = false, string? Check = null);

/// <summary>The output and reflection of an experience that is given from outside.</summary>
/// <param name="Reflection">The given reflection; null if unknown: the instance then reflects itself.</param>
/// <param name="Untrained">
/// Whether it is to be remembered and not trained on: the Curator holds it. Not written if false, so that the bytes of
/// earlier events are the same.
/// </param>
/// <param name="Rejected">
/// An answer to the same stimulus to which this one is preferred: a candidate that was not chosen. Not written if null.
/// </param>
public sealed record Given(
    string Output,
    string? Reflection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Untrained = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Rejected = null
);

/// <summary>Scores of one candidate output. NaN if undefined.</summary>
/// <param name="Alignment">
/// Fit with the charter, in [0, 1]. For a local model a percentile rank; .5 is typical of the frozen base model.
/// </param>
/// <param name="Quality">Fluency, in [0, 1], ranked the same way; repetitions are penalised.</param>
/// <param name="Coherence">
/// Mean cosine of adjacent sentences minus that of all pairs, in [-2, 2]; NaN below three sentences.
/// </param>
/// <param name="Perplexity">exp of the mean negative log-likelihood under the frozen base model, in [1, inf).</param>
/// <param name="SelfReference">First-person statements about itself per 100 words, 0 or more.</param>
/// <param name="Correctness">1 or 0 for a checkable problem; NaN for anything else.</param>
/// <param name="CurrentPerplexity">
/// exp of the mean negative log-likelihood under the model that gave it, in [1, inf); null if undefined, and then not written.
/// </param>
/// <param name="CharterAxis">
/// How far the answer lies along the charter's axis in the residual stream of generation 0, read without the charter, in units of
/// the axis: 0 is typical of answers without the charter, 1 of answers with it. Null if undefined, and then not written.
/// </param>
/// <remarks>The last two are measured from the third <see cref="LoopVersion"/> on.</remarks>
public sealed record Scores(
    double Alignment,
    double Quality,
    double Coherence,
    double Perplexity,
    double SelfReference,
    double Correctness,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? CurrentPerplexity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? CharterAxis = null
)
{
    /// <summary>All scores undefined.</summary>
    public static readonly Scores Undefined = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>One sampled output for a stimulus.</summary>
/// <param name="Tokens">Tokens sampled.</param>
/// <param name="Nats">
/// Sum of ln p of the sampled tokens under the sampling model; at most 0. NaN if the provider does not report it.
/// </param>
/// <param name="Finish">Why sampling ended: <c>stop</c> or <c>length</c>; <c>given</c> if no model was sampled.</param>
/// <param name="Reasoning">
/// What the model reasoned before its answer; null if it gave no reasoning, and then not written. It is evidence only: never
/// remembered, reflected on or trained on.
/// </param>
public sealed record Candidate(
    string Text,
    int Tokens,
    double Nats,
    string Finish,
    Scores Scores,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reasoning = null
);

/// <summary>The Curator's decision on an experience.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Used for training and recallable.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>Kept in the journal, but neither used for training nor recallable.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,

    /// <summary>Waits for a human reviewer; recallable, but not used for training.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}

/// <summary>A cycle's output on its way through the faculties, before its verdict.</summary>
/// <param name="Prompt">
/// The model's prompt, with recalled text marked as such. A provider with too short a context drops recalled memories
/// from the last on, then the self-model.
/// </param>
/// <param name="Answer">The chosen candidate.</param>
/// <param name="Model">The champion that was sampled, unless the answer was given.</param>
/// <param name="Given">The given output and reflection if no model was sampled; else null.</param>
/// <param name="Others">The other sampled texts if preferences are trained; else default, and not written.</param>
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
    /// <summary>The id of the experience.</summary>
    [JsonIgnore]
    public MemoryId Id => MemoryId.OfCycle(Cycle);

    /// <summary>Whether the model stopped without text.</summary>
    [JsonIgnore]
    public bool IsEmpty => Answer.Text.Length == 0;
}

/// <summary>The Reflector's reflection on an output.</summary>
/// <param name="Text">
/// How the output aligns with the goals, and what could be improved. Empty if reflection failed; never an error text.
/// </param>
/// <param name="Alignment">In [0, 1].</param>
/// <param name="Quality">In [0, 1].</param>
/// <param name="Importance">1 (mundane) to 10 (poignant), as in Park et al. 2023.</param>
public sealed record Reflection(string Text, double Alignment, double Quality, double Importance);

/// <summary>A higher-level statement, with the experiences that support it.</summary>
/// <param name="MeanImportance">
/// Mean importance of its evidence, 1 to 10. Null in the first <see cref="LoopVersion"/>, and then not written.
/// </param>
public sealed record Insight(
    MemoryId Id,
    string Statement,
    ImmutableArray<MemoryId> Evidence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? MeanImportance = null
)
{
    /// <summary>Its weight in recall, 1 to 10: the mean of its evidence; in the first loop version, the highest.</summary>
    [JsonIgnore]
    public double Importance => MeanImportance ?? 10;
}

/// <summary>The Curator's judgement, with every rule's column.</summary>
public sealed record Judgement(Verdict Verdict, ImmutableArray<RuleColumn> Columns, double Novelty, double Similarity)
{
    /// <summary>Whether it waits for the draw of a matched policy, not for a review.</summary>
    [JsonIgnore]
    public bool AwaitsDraw => HoldingRule == "matched";

    /// <summary>Whether it waits for people.</summary>
    [JsonIgnore]
    public bool AwaitsReview => HoldingRule == Review.Name;

    /// <summary>The reasons of the rules that did not pass, in the policy's order.</summary>
    [JsonIgnore]
    public IEnumerable<string> Reasons => Columns.Where(c => c.Vote != Vote.Pass).Select(c => $"{c.Rule}: {c.Reason}");

    private string? HoldingRule => Verdict == Verdict.Hold ? Columns.FirstOrDefault(c => c.Vote != Vote.Pass)?.Rule : null;
}

internal sealed class MemoryIdJson : JsonConverter<MemoryId>
{
    public override MemoryId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A memory id is a text, not null."));

    public override void Write(Utf8JsonWriter writer, MemoryId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
