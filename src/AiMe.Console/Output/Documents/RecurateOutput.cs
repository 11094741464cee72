using AiMe.Faculties.Curation;
using AiMe.Lab.Analysis.Recuration;

namespace AiMe.Console.Output.Documents;

/// <summary>Recorded instances under several policies.</summary>
/// <param name="Instances">As <c>run/instance</c>.</param>
/// <param name="WordBudget">Number of words that distinct-2 is computed on.</param>
/// <param name="Diverged">Differences between the recorded judgements and those of this build.</param>
/// <param name="Policies">The recorded one first.</param>
internal sealed record RecurateOutput(
    IReadOnlyList<string> Instances,
    int WordBudget,
    IReadOnlyList<string> Diverged,
    IReadOnlyList<PolicyOutput> Policies
) : OutputDocument
{
    public static RecurateOutput Of(RecurationReport recuration) =>
        new(
            [.. recuration.Outcomes[0].Instances.Select(i => PolicyOutput.NameOf(i.Instance))],
            recuration.WordBudget,
            recuration.Diverged,
            [.. recuration.Outcomes.Select(PolicyOutput.Of)]
        );
}

/// <summary>The outcome of a policy, compared with the recorded verdicts.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Rules">In order; null for the recorded policy of each instance.</param>
/// <param name="Judged">Experiences that it judged.</param>
/// <param name="Kept">Experiences that it keeps.</param>
/// <param name="Share">Kept / judged, in [0, 1].</param>
/// <param name="Jaccard">Kept in both / kept in at least one, in [0, 1]; null if neither keeps any.</param>
/// <param name="Both">Kept in the recording and by the policy.</param>
/// <param name="OnlyThen">Kept only in the recording.</param>
/// <param name="OnlyNow">Kept only by the policy.</param>
/// <param name="Held">Held for review.</param>
/// <param name="Apart">Instances to which it cannot be applied, because a score or a rating was never recorded.</param>
/// <param name="Figures">Figures of the set that it keeps, by name; null if undefined.</param>
/// <param name="Checkable">Checkable problems in that set: the denominator of correctness.</param>
/// <param name="Change">The figures minus those of the recorded set.</param>
/// <param name="Instances">Its instances.</param>
internal sealed record PolicyOutput(
    string Policy,
    IReadOnlyList<string>? Rules,
    int Judged,
    int Kept,
    double? Share,
    double? Jaccard,
    int Both,
    int OnlyThen,
    int OnlyNow,
    int Held,
    IReadOnlyList<UnjudgedInstance> Apart,
    IReadOnlyDictionary<string, double?> Figures,
    int Checkable,
    IReadOnlyDictionary<string, double?> Change,
    IReadOnlyList<RejudgedOutput> Instances
)
{
    public static PolicyOutput Of(PolicyOutcome o) =>
        new(
            o.Policy.Name,
            o.Policy.Rules is { } rules ? [.. rules.Select(r => r.ToString())] : null,
            o.Judged,
            o.Kept,
            o.Share,
            o.Jaccard,
            o.Both,
            o.OnlyThen,
            o.OnlyNow,
            o.Held,
            [.. o.Apart.Select(a => new UnjudgedInstance(NameOf(a.Instance), a.Missing))],
            FiguresOf(s => s.Of(o.Figures)),
            o.Figures.Problems.Checkable,
            FiguresOf(s => s.Of(o.Figures) - s.Of(o.Then)),
            [
                .. o.Instances.Select(i => new RejudgedOutput(
                    NameOf(i.Instance),
                    i.Instance.Variant,
                    [.. i.Kept.Select(c => c.Draft.Id.Value)]
                )),
            ]
        );

    public static string NameOf(RecordedInstance instance) => $"{instance.Run}/{instance.Instance}";

    private static Dictionary<string, double?> FiguresOf(Func<DatasetFigures.Statistic, double> of) =>
        DatasetFigures.All.ToDictionary(s => s.Key, s => (double?)of(s), StringComparer.Ordinal);
}

/// <summary>An instance to which a policy cannot be applied.</summary>
/// <param name="Instance">As <c>run/instance</c>.</param>
/// <param name="Scores">Scores that were never recorded.</param>
internal sealed record UnjudgedInstance(string Instance, IReadOnlyList<string> Scores);

/// <summary>An instance under a policy.</summary>
/// <param name="Instance">As <c>run/instance</c>.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Kept">Ids of the experiences that the policy keeps.</param>
internal sealed record RejudgedOutput(string Instance, string Variant, IReadOnlyList<string> Kept);
