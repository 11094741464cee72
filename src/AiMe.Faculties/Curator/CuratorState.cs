using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Curator;

/// <summary>State of the Curator.</summary>
/// <param name="Last">The last judgement, or null.</param>
/// <param name="Past">The last <see cref="Remembered"/> cases, oldest first.</param>
/// <param name="Kept">The last <see cref="Remembered"/> kept outputs, oldest first.</param>
/// <param name="Failures">Failed embeddings of the experience of <paramref name="FailedCycle"/>.</param>
/// <param name="FailedCycle">The cycle of the last failed embedding, or 0.</param>
/// <param name="ShadowKept">
/// Under a matched policy, the last <see cref="Remembered"/> outputs that its shadow kept, oldest first; default for none, and
/// then not written.
/// </param>
/// <param name="Ratings">The judges' answers on the experience that has no verdict yet; default for none, and then not written.</param>
/// <param name="JudgeFailures">Failed calls for the next answer of a judge. Not written if 0.</param>
/// <param name="LastShadowKeeps">Whether the shadow kept the last case; null without a shadow, and then not written.</param>
/// <param name="ReviewedRound">The last round with verdicts of people; 0 for none, and then not written.</param>
/// <param name="LastRequest">Ordinal of the last scheduled change of the policy; 0 for none, and then not written.</param>
public sealed record CuratorState(
    string Instance,
    ImmutableArray<Rule> Policy,
    Seed Seed,
    int Cycle,
    Judgement? Last,
    ImmutableArray<PastCase> Past,
    ImmutableArray<Embedding> Kept,
    int Failures,
    int FailedCycle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<Embedding> ShadowKept = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool? LastShadowKeeps = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int ReviewedRound = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<Rated> Ratings = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int JudgeFailures = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LastRequest = 0
)
{
    /// <summary>Greatest number of cases and of kept outputs that are compared for novelty and similarity.</summary>
    public const int Remembered = 512;

    /// <summary>Whether the Curator has begun.</summary>
    [JsonIgnore]
    public bool Began => Instance.Length > 0;

    /// <summary><see cref="ShadowKept"/>, empty for none.</summary>
    [JsonIgnore]
    public ImmutableArray<Embedding> ShadowKeptSoFar => ShadowKept.IsDefault ? [] : ShadowKept;

    /// <summary>The judges' answers on the experience of a cycle.</summary>
    public ImmutableArray<Rated> RatingsOf(int cycle) => !Ratings.IsDefaultOrEmpty && Ratings[0].Cycle == cycle ? Ratings : [];

    /// <summary>Number of the next embedding of an experience, from 1; the verdict does not change it.</summary>
    public int NextAttempt(int cycle) => cycle == FailedCycle ? Failures + 1 : 1;
}
