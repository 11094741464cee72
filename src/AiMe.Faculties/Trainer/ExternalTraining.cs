using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// An external trainer. Each training is a job that may cost money and is submitted at most once. Contains no secret.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "by")]
[JsonDerivedType(typeof(FineTuningApi), "openai")]
[JsonDerivedType(typeof(OwnCommand), "command")]
public abstract record ExternalTraining
{
    private ExternalTraining() { }

    /// <summary>The fine-tuning API of the server that hosts the model.</summary>
    /// <param name="LearningRateMultiplier">
    /// Factor of the server's learning rate; null for the server's default.
    /// </param>
    /// <param name="BatchSize">Examples per step; null for the server's default.</param>
    public sealed record FineTuningApi(double? LearningRateMultiplier, int? BatchSize) : ExternalTraining;

    /// <summary>
    /// A user's command that reads the training set from a file and prints the name of the trained model.
    /// </summary>
    /// <param name="Line">The program and its arguments; no shell parses them.</param>
    public sealed record OwnCommand(ImmutableArray<string> Line) : ExternalTraining
    {
        /// <inheritdoc />
        public bool Equals(OwnCommand? other) => other is not null && Line.AsSpan().SequenceEqual(other.Line.AsSpan());

        /// <inheritdoc />
        public override int GetHashCode() => Line.IsDefaultOrEmpty ? 0 : Line[0].GetHashCode(StringComparison.Ordinal);
    }
}
