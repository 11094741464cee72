using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>
/// Judges a recorded instance again with the Curator itself and the recorded commands. No model is called, and nothing
/// is written.
/// </summary>
public static class Rejudging
{
    /// <summary>
    /// Computes the judgements of an instance under a policy, one per recorded judgement, in the same order.
    /// </summary>
    /// <param name="rules">The policy; null for the instance's own, with its recorded changes.</param>
    /// <remarks>
    /// The history that rules use (a window, kept experiences) is the one under this policy, as if it had applied from
    /// the start. If this policy holds an experience for people, their recorded verdict decides; without one it stays held. The
    /// answers are the recorded ones; the answers of a model trained under this policy cannot be known.
    /// </remarks>
    public static ImmutableArray<Judged> Of(RecordedInstance instance, ImmutableArray<Rule>? rules)
    {
        var state = CuratorDecider.Initial;
        var judged = ImmutableArray.CreateBuilder<Judged>();
        foreach (var step in instance.Steps)
        {
            CuratorEvent happened = step switch
            {
                RecordedSetting { Happened: CuratorBegan b } => b with { Policy = rules ?? b.Policy },
                RecordedSetting { Happened: CuratorChanged c } => c with { Policy = rules ?? c.Policy },
                RecordedCase c => Judge(state, c),
                RecordedReview r => HeldAlsoNow(r.Happened, judged),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            state = CuratorDecider.Evolve(state, happened);
            if (happened is Judged j)
                judged.Add(j);
        }

        return judged.ToImmutable();
    }

    /// <summary>The cycles of the experiences that a policy keeps, of those that were stored.</summary>
    /// <param name="cases">Each experience as recorded and as judged again.</param>
    public static ImmutableHashSet<int> KeptOf(IReadOnlyCollection<(RecordedCase Case, Judged Rejudged)> cases, Seed seed)
    {
        var drawn = cases
            .Where(c => c.Rejudged.Judgement.AwaitsDraw)
            .GroupBy(c => c.Case.Stored!.Round)
            .SelectMany(r =>
                Matched.Draw(
                    [.. r.Select(c => c.Case.Stored!.Id)],
                    r.Count(c => c.Rejudged.Shadow?.Verdict == Verdict.Keep),
                    Matched.DrawSeed(seed),
                    r.Key
                )
            )
            .ToHashSet();
        return
        [
            .. cases
                .Where(c =>
                    c.Rejudged.Judgement.Verdict == Verdict.Keep
                    || drawn.Contains(c.Case.Stored!.Id)
                    || c.Rejudged.Judgement.AwaitsReview && c.Case is { IsReviewed: true, Stored.Verdict: Verdict.Keep }
                )
                .Select(c => c.Case.Stored!.Cycle),
        ];
    }

    /// <summary>
    /// The difference between a judgement and the recorded one, in columns, scores, reasons or verdict; null if they
    /// are equal bit by bit.
    /// </summary>
    public static string? Differs(Judged recorded, Judged rejudged)
    {
        var (then, now) = (Text(recorded), Text(rejudged));
        return then == now ? null : $"cycle {recorded.Cycle} was recorded as {then} and is now judged {now}";

        static string Text(Judged j) => System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(j));
    }

    // People's verdicts count where this policy holds the experience too.
    private static HeldReviewed HeldAlsoNow(HeldReviewed then, IEnumerable<Judged> judged)
    {
        var held = judged.Where(j => j.Judgement.AwaitsReview).Select(j => MemoryId.OfCycle(j.Cycle)).ToHashSet();
        return then with
        {
            Kept = [.. then.Kept.Where(held.Contains)],
            Rejected = [.. then.Rejected.Where(held.Contains)],
            LeftOut = [.. then.LeftOut.Where(held.Contains)],
        };
    }

    private static Judged Judge(CuratorState state, RecordedCase c)
    {
        var whole = c.Stored?.Embedding ?? c.Judged.Output;
        var decision = CuratorDecider.Decide(
            c.Ratings.Aggregate(state, CuratorDecider.Evolve),
            new ExperienceEmbedded(c.Draft, c.Reflection, Insight: null, c.Judged.Output, whole, Statement: null)
        );
        return decision.Events.OfType<Judged>().SingleOrDefault()
            ?? throw new InvalidOperationException(
                $"The Curator does not judge cycle {c.Judged.Cycle} of a recorded instance: "
                    + $"{decision.Refusal?.Why ?? "it is already judged"}."
            );
    }
}
