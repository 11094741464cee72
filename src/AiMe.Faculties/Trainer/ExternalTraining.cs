using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Trainer;

/// <summary>
/// Who trains where it is not done in the process: each training is a job that may be paid for, and is submitted at
/// most once. Never a secret.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "by")]
[JsonDerivedType(typeof(FineTuningApi), "openai")]
[JsonDerivedType(typeof(OwnCommand), "command")]
public abstract record ExternalTraining
{
    private ExternalTraining() { }

    /// <summary>The fine-tuning API of the server that the model is hosted by.</summary>
    /// <param name="LearningRateMultiplier">Of the server's own learning rate; null leaves it to the server.</param>
    /// <param name="BatchSize">Examples in a step; null leaves it to the server.</param>
    public sealed record FineTuningApi(double? LearningRateMultiplier, int? BatchSize) : ExternalTraining;

    /// <summary>
    /// A command of the user's, which reads the training set from a file and prints the name of the model that it made.
    /// </summary>
    /// <param name="Line">The program and its arguments, one by one: no shell reads them.</param>
    public sealed record OwnCommand(ImmutableArray<string> Line) : ExternalTraining
    {
        /// <inheritdoc />
        public bool Equals(OwnCommand? other) => other is not null && Line.AsSpan().SequenceEqual(other.Line.AsSpan());

        /// <inheritdoc />
        public override int GetHashCode() => Line.IsDefaultOrEmpty ? 0 : Line[0].GetHashCode(StringComparison.Ordinal);
    }
}
