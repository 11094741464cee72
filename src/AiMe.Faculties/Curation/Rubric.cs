using System.Collections.Immutable;

namespace AiMe.Faculties.Curation;

/// <summary>What a judge rates an answer by.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens.</param>
/// <param name="Question">The question that the score answers.</param>
/// <param name="Criteria">What is looked at; at least one.</param>
/// <param name="Scale">The points from the lowest score, at least two, each with its anchor.</param>
/// <param name="Examples">Rated answers; may be empty.</param>
/// <param name="ShowsCharter">Whether the judge is shown the charter.</param>
/// <param name="ShowsReflection">Whether the judge is shown the reflection on the answer.</param>
public sealed record Rubric(
    string Name,
    string Question,
    ImmutableArray<string> Criteria,
    ImmutableArray<RubricPoint> Scale,
    ImmutableArray<RubricExample> Examples,
    bool ShowsCharter,
    bool ShowsReflection
)
{
    /// <summary>The scale as a judge reads it.</summary>
    /// <param name="reversed">From the highest score.</param>
    public IEnumerable<RubricPoint> Ordered(bool reversed) => reversed ? Scale.Reverse() : Scale;

    /// <inheritdoc />
    public bool Equals(Rubric? other) =>
        other is not null
        && (Name, Question, ShowsCharter, ShowsReflection) == (other.Name, other.Question, other.ShowsCharter, other.ShowsReflection)
        && Criteria.SequenceEqual(other.Criteria)
        && Scale.SequenceEqual(other.Scale)
        && Examples.SequenceEqual(other.Examples);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Question, Criteria.Length, Scale.Length, Examples.Length);
}

/// <summary>A point of a rubric's scale.</summary>
/// <param name="Label">One word or a short phrase, unique in its scale.</param>
/// <param name="Meaning">Its anchor: what an answer with this score is like.</param>
public sealed record RubricPoint(int Score, string Label, string Meaning);

/// <summary>A rated answer that shows how the rubric is meant.</summary>
/// <param name="Score">A score of the scale.</param>
/// <param name="Why">One sentence.</param>
public sealed record RubricExample(string Stimulus, string Answer, int Score, string Why);
