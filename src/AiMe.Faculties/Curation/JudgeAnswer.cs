using System.Text.Json.Serialization;

namespace AiMe.Faculties.Curation;

/// <summary>A judge's answer to one request for a rating. Only a <see cref="Rating"/> has a score.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Rating), "rated")]
[JsonDerivedType(typeof(Unparsable), "unparsable")]
[JsonDerivedType(typeof(Declined), "refused")]
[JsonDerivedType(typeof(Silent), "empty")]
[JsonDerivedType(typeof(Unanswered), "failed")]
public abstract record JudgeAnswer
{
    private JudgeAnswer() { }

    /// <summary>The names of all kinds, the rating first.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["rated", "unparsable", "refused", "empty", "failed"];

    /// <summary>The kind, as written in journals.</summary>
    [JsonIgnore]
    public string Kind =>
        this switch
        {
            Rating => "rated",
            Unparsable => "unparsable",
            Declined => "refused",
            Silent => "empty",
            Unanswered => "failed",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>A rating in the requested form.</summary>
    /// <param name="Score">A score of the rubric's scale.</param>
    /// <param name="Label">The label of that score.</param>
    /// <param name="Explanation">The judge's reason; may be empty.</param>
    public sealed record Rating(int Score, string Label, string Explanation) : JudgeAnswer;

    /// <summary>An answer in another form.</summary>
    /// <param name="Text">The answer, cut at a limit.</param>
    /// <param name="Why">What differs from the requested form.</param>
    public sealed record Unparsable(string Text, string Why) : JudgeAnswer;

    /// <summary>The model or its server declined to answer.</summary>
    /// <param name="Why">In its words.</param>
    public sealed record Declined(string Why) : JudgeAnswer;

    /// <summary>An answer without text.</summary>
    /// <param name="Why">Why there is none.</param>
    public sealed record Silent(string Why) : JudgeAnswer;

    /// <summary>The last attempt failed too.</summary>
    public sealed record Unanswered(string Error) : JudgeAnswer;
}
