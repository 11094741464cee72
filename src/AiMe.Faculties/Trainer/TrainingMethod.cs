using System.Text.Json.Serialization;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// The trained part of the embedded model and its objective. Without a method, all weights are trained on the kept
/// examples.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "by")]
[JsonDerivedType(typeof(Lora), "lora")]
[JsonDerivedType(typeof(Dpo), "dpo")]
public abstract record TrainingMethod
{
    private TrainingMethod() { }

    /// <summary>An adapter over frozen weights, trained on the kept examples.</summary>
    /// <param name="Rank">Rank of its matrices, at least 1.</param>
    /// <param name="Alpha">The adapter's output is scaled by alpha / rank; above 0.</param>
    public sealed record Lora(int Rank, double Alpha) : TrainingMethod;

    /// <summary>
    /// An adapter over frozen weights, trained to prefer a kept answer to other answers to the same stimulus.
    /// </summary>
    /// <param name="Rank">As for <see cref="Lora"/>.</param>
    /// <param name="Alpha">As for <see cref="Lora"/>.</param>
    /// <param name="Beta">
    /// Strength of the constraint to the initial model: the smaller, the further the model may move; above 0.
    /// </param>
    /// <param name="Rejected">What a kept answer is preferred to; not written for the other candidates.</param>
    public sealed record Dpo(
        int Rank,
        double Alpha,
        double Beta,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] RejectedFrom Rejected = RejectedFrom.Candidates
    ) : TrainingMethod;
}

/// <summary>Where the rejected answers of preference training come from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RejectedFrom>))]
public enum RejectedFrom
{
    /// <summary>From the current model: the other candidates of the cycle.</summary>
    [JsonStringEnumMemberName("candidates")]
    Candidates,

    /// <summary>From generation 0: one answer to the prompt of each kept answer, sampled at the end of the round.</summary>
    /// <remarks>Source: Temporal Self-Rewarding, arXiv 2508.06026.</remarks>
    [JsonStringEnumMemberName("birth")]
    Birth,

    /// <summary>The same from the base model before its identity tuning.</summary>
    [JsonStringEnumMemberName("untuned")]
    Untuned,
}
