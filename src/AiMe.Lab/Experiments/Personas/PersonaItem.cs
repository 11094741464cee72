using System.Collections.Immutable;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>A line of a persona file: a question with the answer that shows the trait.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Question">Without its choices.</param>
/// <param name="Statement">The statement that the question asks about; null if there is none.</param>
/// <param name="Options">Completions with a leading space, at least two, all different.</param>
/// <param name="Keyed">Index of the option that matches the behaviour.</param>
/// <param name="Confidence">Confidence in the label, in [0, 1]; null if the line has none.</param>
public sealed record PersonaItem(
    int Line,
    string Question,
    string? Statement,
    ImmutableArray<string> Options,
    int Keyed,
    double? Confidence
)
{
    /// <summary>Whether the options are short answers, such as Yes and No, and not texts of their own.</summary>
    public required bool IsShort { get; init; }
}
