using System.Text.Json.Serialization;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// What of the embedded model is trained, and on what. Where there is none, it is all weights, on what was kept.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "by")]
[JsonDerivedType(typeof(Lora), "lora")]
[JsonDerivedType(typeof(Dpo), "dpo")]
public abstract record TrainingMethod
{
    private TrainingMethod() { }

    /// <summary>An adapter over frozen weights, on what was kept.</summary>
    /// <param name="Rank">Of its matrices, 1 or more.</param>
    /// <param name="Alpha">What it adds is scaled by alpha / rank; above 0.</param>
    public sealed record Lora(int Rank, double Alpha) : TrainingMethod;

    /// <summary>
    /// An adapter over frozen weights, that comes to prefer a kept answer to the others which were sampled for the same
    /// stimulus.
    /// </summary>
    /// <param name="Rank">As of <see cref="Lora"/>.</param>
    /// <param name="Alpha">As of <see cref="Lora"/>.</param>
    /// <param name="Beta">The smaller, the further the model may leave the one it started from; above 0.</param>
    public sealed record Dpo(int Rank, double Alpha, double Beta) : TrainingMethod;
}
