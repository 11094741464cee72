using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.History;

/// <summary>Failed calls, and parameters that a server refuses, in words.</summary>
public static class CallWords
{
    /// <summary>The calls of a kind, in the plural.</summary>
    public static string Of(CallKind kind) =>
        kind switch
        {
            CallKind.Answer => "calls for answers",
            CallKind.Reflection => "calls for reflections",
            CallKind.Insight => "calls for insights",
            CallKind.Embedding => "calls for embeddings",
            CallKind.Judging => "requests to judges",
            CallKind.Recall => "memory searches",
            CallKind.Probes => "probe sessions",
            CallKind.Training => "trainings",
            CallKind.TrainingJob => "requests to the trainer",
            _ => throw new UnreachableException(),
        };

    /// <summary>
    /// Such as <c>12 of 120 calls for reflections failed (10%); 3 experiences have none</c>.
    /// </summary>
    public static string Of(CallKind kind, CallCount count) =>
        $"{Number(count.Failed)} of {Number(count.Succeeded + count.Failed)} {Of(kind)} failed ({Percent(count.FailedShare)})"
        + (kind, count.Missing) switch
        {
            (_, 0) or (CallKind.Training, _) => "",
            (CallKind.Reflection, 1) => "; 1 experience has no reflection",
            (CallKind.Reflection, var missing) => $"; {Number(missing)} experiences have no reflection",
            (CallKind.Judging, 1) => "; 1 rating is missing",
            (CallKind.Judging, var missing) => $"; {Number(missing)} ratings are missing",
            (_, 1) => "; 1 insight was not formed",
            (_, var missing) => $"; {Number(missing)} insights were not formed",
        };

    /// <summary>The last refusal of each parameter: what was sent instead of it may have been refused too.</summary>
    public static IEnumerable<ParameterLeftOut> InForce(IEnumerable<ParameterLeftOut> left) =>
        left.GroupBy(l => l.Parameter, StringComparer.Ordinal).Select(g => g.Last());

    /// <summary>What a run sends in place of a parameter, and what is therefore not known.</summary>
    public static string Of(ParameterLeftOut left)
    {
        ArgumentNullException.ThrowIfNull(left);
        return (
                left.Words.Length > 0 ? left.Words.TrimEnd('.')
                : left.Instead.Length > 0 ? $"{left.Instead} is sent instead"
                : "it is left out"
            )
            + left.Parameter switch
            {
                RequestParameters.LogProbabilities =>
                    ". The log-probabilities of answers are not known, and the answers to choice probes are sampled",
                RequestParameters.Alternatives when left.Instead.Length == 0 => ". The answers to choice probes are sampled",
                RequestParameters.ResponseFormat when left.Instead.Length == 0 => ". The form of a reflection is requested in words only",
                RequestParameters.EncodingFormat => ". Embeddings are sent as numbers, without any loss",
                RequestParameters.StreamOptions => ". The number of tokens of a streamed answer is not known",
                _ => "",
            };
    }

    private static string Number(int n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";
}
