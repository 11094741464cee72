using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Output.Documents;

/// <summary>The reply to <c>/why</c>.</summary>
/// <param name="Exchange">As <c>inject</c> prints it.</param>
/// <param name="Recall">The recalled memories.</param>
/// <param name="LeftOut">
/// Parts of the prompt for which the model had no room: ids of recalled memories, and <c>self-model</c>.
/// </param>
/// <param name="Candidates">The sampled answers.</param>
/// <param name="Chosen">Index of the given answer, from 0.</param>
/// <param name="Rules">Of the policy, in order.</param>
/// <param name="Insight">The insight that was formed, or null.</param>
internal sealed record WhyReply(
    [property: Flattened] ExchangeOutput Exchange,
    IReadOnlyList<HitOutput> Recall,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<CandidateOutput> Candidates,
    int Chosen,
    IReadOnlyList<RuleOutput> Rules,
    string? Insight
)
{
    public static WhyReply Of(string run, Exchange e) =>
        new(
            ExchangeOutput.Of(run, e),
            [.. e.Recalled.Select(HitOutput.Of)],
            [.. e.LeftOut.Select(p => p.From?.Value ?? "self-model")],
            [.. e.Candidates.Select(CandidateOutput.Of)],
            e.Chosen,
            [.. (e.Judgement?.Columns ?? []).Select(c => new RuleOutput(c.Rule, c.Score, c.Vote, c.Reason))],
            e.Insight?.Statement
        );
}

/// <summary>A recalled memory. The score is a weighted sum of its parts, each in [0, 1].</summary>
/// <param name="Id">Such as <c>e12</c>, or <c>i2</c> for an insight.</param>
/// <param name="Text">As in the prompt.</param>
/// <param name="Score">The weighted sum.</param>
/// <param name="Recency">How recently it was used.</param>
/// <param name="Importance">How important it is.</param>
/// <param name="Relevance">How similar it is to the input.</param>
internal sealed record HitOutput(string Id, string Text, double? Score, double? Recency, double? Importance, double? Relevance)
{
    public static HitOutput Of(Hit h) => new(h.Id.Value, h.Text, h.Score, h.Recency, h.Importance, h.Relevance);
}

/// <summary>A sampled answer.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Tokens">Sampled tokens.</param>
/// <param name="Nats">ln p of the tokens under the model; null if the provider does not report it.</param>
/// <param name="Finish"><c>stop</c>, <c>length</c>, or <c>given</c> if no model was sampled.</param>
/// <param name="Alignment">Fit with the charter, in [0, 1].</param>
/// <param name="Quality">Fluency, in [0, 1].</param>
/// <param name="Coherence">
/// Cosine of neighbouring sentences minus that of all, in [-2, 2]; null below three sentences.
/// </param>
/// <param name="Perplexity">Under the frozen base model.</param>
/// <param name="SelfReference">Statements about itself per 100 words.</param>
/// <param name="Correctness">1 or 0 for a checkable problem; null for anything else.</param>
internal sealed record CandidateOutput(
    string Text,
    int Tokens,
    double? Nats,
    string Finish,
    double? Alignment,
    double? Quality,
    double? Coherence,
    double? Perplexity,
    double? SelfReference,
    double? Correctness
)
{
    public static CandidateOutput Of(Candidate c) =>
        new(
            c.Text,
            c.Tokens,
            c.Nats,
            c.Finish,
            c.Scores.Alignment,
            c.Scores.Quality,
            c.Scores.Coherence,
            c.Scores.Perplexity,
            c.Scores.SelfReference,
            c.Scores.Correctness
        );
}

/// <summary>A rule of the policy.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Score">The score that it used; null if it uses none.</param>
/// <param name="Vote">The first rule that does not pass decides.</param>
/// <param name="Reason">In words.</param>
internal sealed record RuleOutput(string Rule, double? Score, Vote Vote, string Reason);
