using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>An instance under a policy: each experience as recorded and as judged again.</summary>
/// <param name="Cases">Shape (judged and stored experiences).</param>
/// <param name="KeptCycles">The cycles of the experiences that the policy keeps.</param>
public sealed record RejudgedInstance(
    RecordedInstance Instance,
    ImmutableArray<(RecordedCase Case, Judged Rejudged)> Cases,
    ImmutableHashSet<int> KeptCycles
)
{
    /// <summary>Experiences that the policy keeps, in the order of the cycles.</summary>
    public IEnumerable<RecordedCase> Kept => Cases.Select(c => c.Case).Where(c => KeptCycles.Contains(c.Stored!.Cycle));

    /// <summary>Rounds with the training sets that the policy gives, as bytes of a sealed batch.</summary>
    public IEnumerable<(int Round, byte[] Lines)> Batches =>
        Cases
            .GroupBy(c => c.Case.Stored!.Round)
            .OrderBy(r => r.Key)
            .Select(r =>
                (
                    r.Key,
                    Datasets.WritePreferences(
                        r.Select(c => (c.Case.Rejected, Stored: c.Case.Stored!))
                            .Where(c => KeptCycles.Contains(c.Stored.Cycle))
                            .Select(c => new Example(c.Stored.Id, c.Stored.Bare, c.Stored.Output, c.Rejected))
                    )
                )
            );
}

/// <summary>The outcome of a policy, compared with the recorded verdicts.</summary>
/// <param name="Judged">Number of judged and stored experiences of the instances to which it can be applied.</param>
/// <param name="Both">Kept in the recording and by the policy.</param>
/// <param name="OnlyThen">Kept only in the recording.</param>
/// <param name="OnlyNow">Kept only by the policy.</param>
/// <param name="Held">Held for review in the recording, and therefore here.</param>
/// <param name="Apart">
/// Instances to which it cannot be applied, because a score or a rating that it uses was never recorded.
/// </param>
/// <param name="Figures">Figures of the set that the policy keeps.</param>
/// <param name="Then">Figures of the recorded set of the same instances.</param>
public sealed record PolicyOutcome(
    NamedPolicy Policy,
    ImmutableArray<RejudgedInstance> Instances,
    int Judged,
    int Both,
    int OnlyThen,
    int OnlyNow,
    int Held,
    ImmutableArray<(RecordedInstance Instance, ImmutableArray<string> Missing)> Apart,
    DatasetFigures Figures,
    DatasetFigures Then
)
{
    /// <summary>Number of experiences that the policy keeps.</summary>
    public int Kept => Both + OnlyNow;

    /// <summary>Kept in both / kept in at least one, in [0, 1]; NaN if neither keeps any.</summary>
    public double Jaccard => Both + OnlyThen + OnlyNow == 0 ? double.NaN : (double)Both / (Both + OnlyThen + OnlyNow);

    /// <summary>Kept / judged, in [0, 1].</summary>
    public double Share => Judged == 0 ? double.NaN : (double)Kept / Judged;
}

/// <summary>Recorded instances under several policies.</summary>
/// <param name="Outcomes">The recording first, then the policies in the given order.</param>
/// <param name="WordBudget">Number of words for distinct-2: the minimum over all non-empty sets; 0 without one.</param>
/// <param name="Diverged">
/// Differences between the recorded judgements and those of this build under the same policy; empty if there are none.
/// </param>
public sealed record RecurationReport(ImmutableArray<PolicyOutcome> Outcomes, int WordBudget, ImmutableArray<string> Diverged)
{
    /// <summary>Judges instances again. No model is called, and nothing is written.</summary>
    /// <param name="instances">
    /// Instances with their policies, all arrays of the same length: a variant's name may mean different policies in
    /// different runs.
    /// </param>
    public static RecurationReport Of(IReadOnlyList<(RecordedInstance Instance, ImmutableArray<NamedPolicy> Policies)> instances)
    {
        var own = instances.Select(l => Rejudge(l.Instance, NamedPolicy.Own)).ToArray();
        ImmutableArray<string> diverged =
        [
            .. own.SelectMany(l =>
                l.Cases.Select(c => Rejudging.Differs(c.Case.Judged, c.Rejudged))
                    .OfType<string>()
                    .Select(d => $"{l.Instance.Instance}: {d}")
            ),
        ];
        var columns = Enumerable
            .Range(0, instances.Count == 0 ? 0 : instances[0].Policies.Length)
            .Select(i => instances.Select(l => (l.Instance, Policy: l.Policies[i], Missing: l.Instance.Missing(l.Policies[i]))).ToArray())
            .ToArray();
        var judged = columns
            .Select(column => column.Where(c => c.Missing.IsEmpty).Select(c => Rejudge(c.Instance, c.Policy)).ToImmutableArray())
            .ToArray();
        var then = own.ToDictionary(l => l.Instance);

        int[] words = [.. judged.Append([.. own]).Where(c => c.Length > 0).Select(c => WordsOf(c)).Where(w => w > 0)];
        var budget = words.Length == 0 ? 0 : words.Min();
        return new RecurationReport(
            [
                Outcome(NamedPolicy.Own, [.. own], [.. own], [], budget),
                .. columns.Select(
                    (column, i) =>
                        Outcome(
                            column[0].Policy,
                            judged[i],
                            [.. judged[i].Select(l => then[l.Instance])],
                            [.. column.Where(c => !c.Missing.IsEmpty).Select(c => (c.Instance, c.Missing))],
                            budget
                        )
                ),
            ],
            budget,
            diverged
        );
    }

    private static RejudgedInstance Rejudge(RecordedInstance instance, NamedPolicy policy) =>
        Rejudge(instance, policy, [.. instance.Cases.Zip(Rejudging.Of(instance, policy.Rules)).Where(c => c.First.Stored is not null)]);

    private static RejudgedInstance Rejudge(
        RecordedInstance instance,
        NamedPolicy policy,
        ImmutableArray<(RecordedCase Case, Judged Rejudged)> cases
    ) =>
        new(
            instance,
            cases,
            policy.Rules is null
                ? [.. cases.Select(c => c.Case.Stored!).Where(s => s.Verdict == Verdict.Keep).Select(s => s.Cycle)]
                : Rejudging.KeptOf(cases, instance.Seed)
        );

    private static bool StaysHeld(RecordedCase then, Judgement now) =>
        now is { Verdict: Verdict.Hold, AwaitsDraw: false } && !(now.AwaitsReview && then.IsReviewed);

    private static int WordsOf(ImmutableArray<RejudgedInstance> instances) =>
        instances.Sum(l => l.Kept.Sum(c => Metrics.Text.WordTokenizer.Of(c.Stored!.Output).Count));

    private static PolicyOutcome Outcome(
        NamedPolicy policy,
        ImmutableArray<RejudgedInstance> instances,
        ImmutableArray<RejudgedInstance> then,
        ImmutableArray<(RecordedInstance, ImmutableArray<string>)> apart,
        int budget
    )
    {
        (bool Then, bool Now)[] kept =
        [
            .. instances.SelectMany(l =>
                l.Cases.Select(c => (c.Case.Stored!.Verdict == Verdict.Keep, l.KeptCycles.Contains(c.Case.Stored!.Cycle)))
            ),
        ];
        return new PolicyOutcome(
            policy,
            instances,
            kept.Length,
            kept.Count(k => k is (true, true)),
            kept.Count(k => k is (true, false)),
            kept.Count(k => k is (false, true)),
            instances.Sum(l => l.Cases.Count(c => StaysHeld(c.Case, c.Rejudged.Judgement))),
            apart,
            DatasetFigures.Of([.. instances.SelectMany(l => l.Kept)], budget),
            DatasetFigures.Of([.. then.SelectMany(l => l.Kept)], budget)
        );
    }
}
