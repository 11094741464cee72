using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;

namespace AiMe.Faculties.Curation;

/// <summary>A rule of a curation policy. Pure: the same case gives the same column.</summary>
/// <remarks>
/// To add a rule: a sealed record in its own file, a line here, a line in the lab's rule table, and a test.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "rule")]
[JsonDerivedType(typeof(KeepAll), "keep-all")]
[JsonDerivedType(typeof(KeepNone), "keep-none")]
[JsonDerivedType(typeof(RandomShare), "random")]
[JsonDerivedType(typeof(Dedupe), "dedupe")]
[JsonDerivedType(typeof(Minimum), "min")]
[JsonDerivedType(typeof(Top), "top")]
[JsonDerivedType(typeof(NoveltyBand), "novelty")]
[JsonDerivedType(typeof(Matched), "matched")]
[JsonDerivedType(typeof(AllowEmpty), "allow-empty")]
[JsonDerivedType(typeof(Review), Review.Name)]
[JsonDerivedType(typeof(PerplexityBand), "perplexity")]
[JsonDerivedType(typeof(SelfReferenceBand), "self-reference")]
[JsonDerivedType(typeof(Verified), "verified")]
[JsonDerivedType(typeof(ModelJudge), "judge")]
public abstract record Rule
{
    /// <summary>Votes on a case, and gives its score and reason.</summary>
    public abstract RuleColumn Judge(Case judged);

    /// <summary>The rule in words close to those of the experiment file.</summary>
    public abstract override string ToString();
}

/// <summary>A rule's vote.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Vote>))]
public enum Vote
{
    /// <summary>The next rule decides.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>Keep, unless an earlier rule decided.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>Reject, unless an earlier rule decided.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,

    /// <summary>Hold for a human reviewer, unless an earlier rule decided.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}

/// <summary>One rule's column in the verdict.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Score">The score that the vote is based on; NaN if there is none or it is undefined.</param>
/// <param name="Reason">The reason, for human readers.</param>
public sealed record RuleColumn(string Rule, double Score, Vote Vote, string Reason);

/// <summary>The input of a rule.</summary>
/// <param name="Scores">Scores of the output, with the Reflector's alignment and quality.</param>
/// <param name="Novelty">1 - greatest cosine to an earlier output, in [0, 2]; NaN for the first.</param>
/// <param name="Similarity">Greatest cosine to a kept output, in [-1, 1]; NaN if nothing was kept yet.</param>
/// <param name="Past">The last <see cref="CuratorState.Remembered"/> judged cases, oldest first.</param>
/// <param name="Dice">The seed for random rules.</param>
/// <param name="IsEmpty">Whether the output has no text: nothing is similar to it.</param>
/// <param name="Ratings">The answers of the judges that were asked about it; default for none.</param>
public sealed record Case(
    Scores Scores,
    double Novelty,
    double Similarity,
    ImmutableArray<PastCase> Past,
    Seed Dice,
    bool IsEmpty = false,
    ImmutableArray<Rated> Ratings = default
)
{
    /// <summary>A score by its name.</summary>
    public double Score(ScoreName name) => name == ScoreName.Novelty ? Novelty : name.Of(Scores);
}

/// <summary>A judged case, as the Curator's state keeps it.</summary>
public sealed record PastCase(int Cycle, Scores Scores, double Novelty, Verdict Verdict, Embedding Output)
{
    /// <summary>A score by its name.</summary>
    public double Score(ScoreName name) => name == ScoreName.Novelty ? Novelty : name.Of(Scores);
}

/// <summary>A score that a rule or a choice can use.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreName>))]
public enum ScoreName
{
    /// <summary>See <see cref="Scores.Alignment"/>.</summary>
    [JsonStringEnumMemberName("alignment")]
    Alignment,

    /// <summary>See <see cref="Scores.Quality"/>.</summary>
    [JsonStringEnumMemberName("quality")]
    Quality,

    /// <summary>See <see cref="Case.Novelty"/>.</summary>
    [JsonStringEnumMemberName("novelty")]
    Novelty,

    /// <summary>See <see cref="Scores.Coherence"/>.</summary>
    [JsonStringEnumMemberName("coherence")]
    Coherence,

    /// <summary>See <see cref="Scores.Perplexity"/>.</summary>
    [JsonStringEnumMemberName("perplexity")]
    Perplexity,

    /// <summary>See <see cref="Scores.SelfReference"/>.</summary>
    [JsonStringEnumMemberName("self-reference")]
    SelfReference,

    /// <summary>See <see cref="Scores.Correctness"/>.</summary>
    [JsonStringEnumMemberName("correctness")]
    Correctness,

    /// <summary>See <see cref="Scores.CurrentPerplexity"/>.</summary>
    [JsonStringEnumMemberName("current-perplexity")]
    CurrentPerplexity,

    /// <summary>See <see cref="Scores.CharterAxis"/>.</summary>
    [JsonStringEnumMemberName("charter-axis")]
    CharterAxis,
}

/// <summary>Scores by name.</summary>
public static class ScoreNames
{
    /// <summary>The named score of an output; NaN for novelty, which only the Curator computes.</summary>
    public static double Of(this ScoreName name, Scores scores) =>
        name switch
        {
            ScoreName.Alignment => scores.Alignment,
            ScoreName.Quality => scores.Quality,
            ScoreName.Novelty => double.NaN,
            ScoreName.Coherence => scores.Coherence,
            ScoreName.Perplexity => scores.Perplexity,
            ScoreName.SelfReference => scores.SelfReference,
            ScoreName.Correctness => scores.Correctness,
            ScoreName.CurrentPerplexity => scores.CurrentPerplexity ?? double.NaN,
            ScoreName.CharterAxis => scores.CharterAxis ?? double.NaN,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>The name as written in experiment files and journals.</summary>
    public static string Text(this ScoreName name) =>
        name switch
        {
            ScoreName.SelfReference => "self-reference",
            ScoreName.CurrentPerplexity => "current-perplexity",
            ScoreName.CharterAxis => "charter-axis",
            _ => name.ToString().ToLowerInvariant(),
        };
}
