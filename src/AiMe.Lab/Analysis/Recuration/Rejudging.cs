using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>
/// Judges a recorded life anew. The Curator itself does it, with the commands of then; no model is called, and nothing is
/// written.
/// </summary>
public static class Rejudging
{
    /// <summary>The judgements of a life under a policy, one for each that was recorded, in the same order.</summary>
    /// <param name="rules">The policy; null for the life's own, with every change that it saw.</param>
    /// <remarks>
    /// What rules look back on (a window, what was kept) is what this policy made of the life so far, so that it is as
    /// causal as it would have
    /// been then. An experience that was held stays held: only a person decides on it. The answers are those of models
    /// trained under the old
    /// policy; what a model would have said that was trained under this one, no journal can tell.
    /// </remarks>
    public static ImmutableArray<Judged> Of(RecordedInstance instance, ImmutableArray<Rule>? rules)
    {
        var state = CuratorDecider.Initial;
        var judged = ImmutableArray.CreateBuilder<Judged>();
        foreach (var step in instance.Steps)
        {
            var happened = step switch
            {
                RecordedSetting { Happened: CuratorBegan b } => b with { Policy = rules ?? b.Policy },
                RecordedSetting { Happened: CuratorChanged c } => c with { Policy = rules ?? c.Policy },
                RecordedCase c => Judge(state, c, rules),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            state = CuratorDecider.Evolve(state, happened);
            if (happened is Judged j)
                judged.Add(j);
        }

        return judged.ToImmutable();
    }

    /// <summary>
    /// Where a judgement differs from the recorded one, in columns, scores, reasons or verdict; null where it is the same
    /// to the bit.
    /// </summary>
    public static string? Differs(Judged recorded, Judged anew)
    {
        var (then, now) = (Text(recorded), Text(anew));
        return then == now ? null : $"cycle {recorded.Cycle} was judged {then} and is judged {now}";

        static string Text(Judged j) => System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(j));
    }

    private static CuratorEvent Judge(CuratorState state, RecordedCase c, ImmutableArray<Rule>? rules)
    {
        var whole = c.Stored?.Embedding ?? c.Judged.Output;
        var decision = CuratorDecider.Decide(
            state,
            new ExperienceEmbedded(c.Draft, c.Reflection, Insight: null, c.Judged.Output, whole, Statement: null)
        );
        var anew = decision.Events.OfType<Judged>().SingleOrDefault()
            ?? throw new InvalidOperationException(
                $"The Curator does not judge cycle {c.Judged.Cycle} of a recorded life: {decision.Refusal?.Why ?? "it knows it already"}."
            );
        return rules is not null && c.Judged.Judgement.Verdict == Verdict.Hold
            ? anew with
            {
                Judgement = anew.Judgement with { Verdict = Verdict.Hold },
            }
            : anew;
    }
}
