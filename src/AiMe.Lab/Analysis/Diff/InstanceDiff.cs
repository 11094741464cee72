using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>One side of a diff.</summary>
public sealed record DiffSide(RunPlan Plan, string Instance, InstanceState Status, ImmutableArray<InstanceEvent> Events)
{
    /// <summary>The events of one kind, in order.</summary>
    public IEnumerable<T> Of<T>()
        where T : Event => Events.Select(e => e.Happened).OfType<T>();

    /// <summary>The seed at its end; null before its start.</summary>
    public Seed? Seed => Events.Select(e => e.State).OfType<SelfState>().LastOrDefault()?.Spec?.Seed;

    /// <summary>Its answers, in order.</summary>
    public ImmutableArray<DiffAnswer> Answers()
    {
        var outputs = Of<Judged>().ToDictionary(j => j.Cycle, j => j.Output);
        return
        [
            .. SettledVerdicts
                .Of(Events.Select(e => e.Happened))
                .Select(s => new DiffAnswer(
                    s.Cycle,
                    s.Round,
                    s.Input,
                    s.Internal,
                    s.Output,
                    s.Verdict,
                    outputs.TryGetValue(s.Cycle, out var e) ? e : null
                )),
        ];
    }
}

/// <summary>Two instances side by side, stimulus by stimulus, computed from their events. No model is called.</summary>
/// <param name="Rounds">
/// Rounds of the first instance with the second's answers; rounds without a match are omitted.
/// </param>
/// <param name="OnlyFirst">Answers of the first to stimuli that the second received less often or not at all.</param>
/// <param name="OnlySecond">Answers of the second to stimuli that the first received less often or not at all.</param>
/// <param name="Probes">The generations that both reached.</param>
public sealed record InstanceDiff(
    DiffSide First,
    DiffSide Second,
    ImmutableArray<DiffRound> Rounds,
    ImmutableArray<DiffAnswer> OnlyFirst,
    ImmutableArray<DiffAnswer> OnlySecond,
    ImmutableArray<ProbeDiff> Probes
)
{
    /// <summary>Compares two instances.</summary>
    /// <remarks>
    /// Answers are matched by the stimulus' text: first those of one cycle (a fork and its parent, two variants of one
    /// replicate), then the remaining ones of a text in order: the first with the first, and so on.
    /// </remarks>
    public static InstanceDiff Of(DiffSide first, DiffSide second)
    {
        var (a, b) = (first.Answers(), second.Answers());
        var left = b.GroupBy(x => x.Stimulus, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var matched = new Dictionary<int, DiffAnswer>(); // by the first's cycle
        foreach (var answer in a)
            Match(answer, theirs => theirs.Cycle == answer.Cycle);
        foreach (var answer in a.Where(x => !matched.ContainsKey(x.Cycle)))
            Match(answer, _ => true);
        return new InstanceDiff(
            first,
            second,
            [
                .. a.Where(x => matched.ContainsKey(x.Cycle))
                    .GroupBy(x => x.Round)
                    .Select(r => new DiffRound(r.Key, [.. r.Select(x => new DiffPair(x, matched[x.Cycle]))])),
            ],
            [.. a.Where(x => !matched.ContainsKey(x.Cycle))],
            [.. left.Values.SelectMany(x => x).OrderBy(x => x.Cycle)],
            ProbeDiff.Of(first, second)
        );

        void Match(DiffAnswer answer, Func<DiffAnswer, bool> fits)
        {
            if (!left.TryGetValue(answer.Stimulus, out var theirs) || theirs.FindIndex(x => fits(x)) is not (>= 0 and var at))
                return;
            matched[answer.Cycle] = theirs[at];
            theirs.RemoveAt(at);
        }
    }

    /// <summary>The same for one round of the first instance and the generation after it.</summary>
    public InstanceDiff In(int round) =>
        this with
        {
            Rounds = [.. Rounds.Where(r => r.Round == round)],
            OnlyFirst = [.. OnlyFirst.Where(x => x.Round == round)],
            OnlySecond = [.. OnlySecond.Where(x => x.Round == round)],
            Probes = [.. Probes.Where(p => p.Generation == round)],
        };
}
