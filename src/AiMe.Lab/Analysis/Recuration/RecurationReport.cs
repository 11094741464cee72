using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>A life under a policy: what was recorded and how it is judged anew, experience by experience.</summary>
/// <param name="Cases">Shape (experiences that were judged and stored).</param>
public sealed record RejudgedInstance(RecordedInstance Instance, ImmutableArray<(RecordedCase Case, Judged Anew)> Cases)
{
    /// <summary>What would have been kept, in the order in which it was lived.</summary>
    public IEnumerable<RecordedCase> Kept => Cases.Where(c => c.Anew.Judgement.Verdict == Verdict.Keep).Select(c => c.Case);

    /// <summary>Rounds, and what a training set of each would have held: the bytes of the batch, as a trainer writes it.</summary>
    public IEnumerable<(int Round, byte[] Lines)> Batches =>
        Cases
            .GroupBy(c => c.Case.Stored!.Round)
            .OrderBy(r => r.Key)
            .Select(r =>
                (
                    r.Key,
                    Datasets.WritePreferences(
                        r.Where(c => c.Anew.Judgement.Verdict == Verdict.Keep)
                            .Select(c => c.Case.Stored!)
                            .Select(s => new Example(s.Id, s.Bare, s.Output, s.Others))
                    )
                )
            );
}

/// <summary>Lives under a policy, beside what they were.</summary>
/// <param name="Judged">Experiences that were judged and stored, of the lives that it can be applied to.</param>
/// <param name="Both">Kept then and now.</param>
/// <param name="OnlyThen">Kept then and not now.</param>
/// <param name="OnlyNow">Kept now and not then.</param>
/// <param name="Held">Held for a person then, and so now.</param>
/// <param name="Apart">Lives that it cannot be applied to, since a score that it goes by was never recorded in them.</param>
/// <param name="Figures">Of what would have been kept.</param>
/// <param name="Then">Of what was kept in the same lives.</param>
public sealed record PolicyOutcome(
    NamedPolicy Policy,
    ImmutableArray<RejudgedInstance> Instances,
    int Judged,
    int Both,
    int OnlyThen,
    int OnlyNow,
    int Held,
    ImmutableArray<(RecordedInstance Life, ImmutableArray<ScoreName> Scores)> Apart,
    DatasetFigures Figures,
    DatasetFigures Then
)
{
    /// <summary>What would have been kept.</summary>
    public int Kept => Both + OnlyNow;

    /// <summary>Kept both times / kept at least once, in [0, 1]; NaN where nothing was kept either time.</summary>
    public double Jaccard => Both + OnlyThen + OnlyNow == 0 ? double.NaN : (double)Both / (Both + OnlyThen + OnlyNow);

    /// <summary>Kept / judged, in [0, 1].</summary>
    public double Share => Judged == 0 ? double.NaN : (double)Kept / Judged;
}

/// <summary>Recorded lives under several policies.</summary>
/// <param name="Outcomes">As it was first, then the policies in the order given.</param>
/// <param name="WordBudget">Words that distinct-2 looks at: the least of all sets that have any; 0 where none has.</param>
/// <param name="Diverged">
/// Where this build judges otherwise than it was judged, by the lives' own policies; empty where all is as recorded.
/// </param>
public sealed record RecurationReport(ImmutableArray<PolicyOutcome> Outcomes, int WordBudget, ImmutableArray<string> Diverged)
{
    /// <summary>Judges lives anew. No model is called, and nothing is written.</summary>
    /// <param name="instances">
    /// With the policies that each is judged by, all of one length: a variant's name may mean another policy in another
    /// run.
    /// </param>
    public static RecurationReport Of(IReadOnlyList<(RecordedInstance Life, ImmutableArray<NamedPolicy> Policies)> instances)
    {
        var own = instances.Select(l => Rejudge(l.Life, NamedPolicy.Own)).ToArray();
        ImmutableArray<string> diverged =
        [
            .. own.SelectMany(l =>
                l.Cases.Select(c => Rejudging.Differs(c.Case.Judged, c.Anew)).OfType<string>().Select(d => $"{l.Instance.Instance}: {d}")
            ),
        ];
        var columns = Enumerable
            .Range(0, instances.Count == 0 ? 0 : instances[0].Policies.Length)
            .Select(i => instances.Select(l => (l.Life, Policy: l.Policies[i], Missing: l.Life.Missing(l.Policies[i].Scores))).ToArray())
            .ToArray();
        var judged = columns
            .Select(column => column.Where(c => c.Missing.IsEmpty).Select(c => Rejudge(c.Life, c.Policy)).ToImmutableArray())
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
                            [.. column.Where(c => !c.Missing.IsEmpty).Select(c => (c.Life, c.Missing))],
                            budget
                        )
                ),
            ],
            budget,
            diverged
        );
    }

    private static RejudgedInstance Rejudge(RecordedInstance instance, NamedPolicy policy) =>
        new(instance, [.. instance.Cases.Zip(Rejudging.Of(instance, policy.Rules)).Where(c => c.First.Stored is not null)]);

    private static int WordsOf(ImmutableArray<RejudgedInstance> instances) =>
        instances.Sum(l => l.Kept.Sum(c => Metrics.Text.WordTokenizer.Of(c.Stored!.Output).Count));

    private static PolicyOutcome Outcome(
        NamedPolicy policy,
        ImmutableArray<RejudgedInstance> instances,
        ImmutableArray<RejudgedInstance> then,
        ImmutableArray<(RecordedInstance, ImmutableArray<ScoreName>)> apart,
        int budget
    )
    {
        (bool Then, bool Now)[] kept =
        [
            .. instances
                .SelectMany(l => l.Cases)
                .Select(c => (c.Case.Judged.Judgement.Verdict == Verdict.Keep, c.Anew.Judgement.Verdict == Verdict.Keep)),
        ];
        return new PolicyOutcome(
            policy,
            instances,
            kept.Length,
            kept.Count(k => k is (true, true)),
            kept.Count(k => k is (true, false)),
            kept.Count(k => k is (false, true)),
            instances.Sum(l => l.Cases.Count(c => c.Case.Judged.Judgement.Verdict == Verdict.Hold)),
            apart,
            DatasetFigures.Of([.. instances.SelectMany(l => l.Kept)], budget),
            DatasetFigures.Of([.. then.SelectMany(l => l.Kept)], budget)
        );
    }
}
