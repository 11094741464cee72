using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using AiMe.Faculties.Curator;

namespace AiMe.Faculties.Curation;

/// <summary>
/// <c>judge(rubric)</c>: a hosted model rates the answer by a rubric, several times; answers with a lower mean are rejected.
/// </summary>
/// <remarks>
/// The ratings are journalled before the verdict and arrive in the case. Only a rating counts: an answer of the judge that is
/// unparsable, refused, empty or missing is never a score.
/// </remarks>
/// <param name="Id">
/// The rubric's name and a digest of what the judge is asked, by which, and how: ratings of one id can stand for each other.
/// </param>
/// <param name="Samples">Ratings asked for, 1 or more; every second one sees the scale from its other end.</param>
/// <param name="Sampling">Sampling of the judge's answers.</param>
/// <param name="AtLeast">The lowest mean that passes.</param>
/// <param name="Quorum">Ratings that a mean needs, 1 to <paramref name="Samples"/>.</param>
/// <param name="WithoutQuorum">The vote if there are fewer ratings.</param>
/// <param name="Model">The judge's own model; null, and not written, for the run's hosted model.</param>
/// <param name="CountsFailures">
/// Whether the last failed call counts as an answer without a rating; else it parks the instance. Not written if false.
/// </param>
public sealed record ModelJudge(
    string Id,
    Rubric Rubric,
    int Samples,
    Sampling Sampling,
    double AtLeast,
    int Quorum,
    Vote WithoutQuorum,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JudgeModel? Model = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool CountsFailures = false
) : Rule
{
    /// <summary>Whether a sample sees the scale from the highest score: every second one does.</summary>
    /// <param name="sample">From 1.</param>
    public static bool IsReversed(int sample) => sample % 2 == 0;

    /// <summary>
    /// The judges that a policy asks about an answer, each once: none if the rules do not decide, because the answer has no text
    /// or is not to be trained on. Under a matched policy, those of its shadow.
    /// </summary>
    public static IEnumerable<ModelJudge> AskedBy(ImmutableArray<Rule> policy, Draft draft) =>
        draft.Given is { Untrained: true } || draft.IsEmpty && !Policy.AllowsEmpty(policy)
            ? []
            : Policy.RulesOf(policy).OfType<ModelJudge>().GroupBy(j => j.Id, (_, same) => same.MaxBy(j => j.Samples)!);

    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var answers = (judged.Ratings.IsDefault ? [] : judged.Ratings).Where(r => r.Judge == Id && r.Sample <= Samples).ToArray();
        int[] scores = [.. answers.Select(r => r.Answer).OfType<JudgeAnswer.Rating>().Select(r => r.Score)];
        if (answers.Length == 0)
            return new("judge", double.NaN, WithoutQuorum, $"{Rubric.Name}: no judge was asked");
        var others = answers
            .Where(a => a.Answer is not JudgeAnswer.Rating)
            .GroupBy(a => a.Answer.Kind)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Count()} {g.Key}");
        var counts = string.Join(", ", others.Prepend($"{scores.Length} of {answers.Length} rated"));
        if (scores.Length < Quorum)
            return new("judge", double.NaN, WithoutQuorum, $"{Rubric.Name}: {counts}, and a mean needs {Quorum}");
        var mean = scores.Average();
        var text = string.Create(CultureInfo.InvariantCulture, $"{Rubric.Name} {mean:0.00} ({counts}), at least {AtLeast:0.00}");
        return new("judge", mean, mean >= AtLeast ? Vote.Pass : Vote.Reject, text);
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"judge {Rubric.Name} at least {AtLeast} of {Samples} by {Model?.Chat ?? "the model"}");
}
