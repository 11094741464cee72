using System.Runtime.InteropServices;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;

namespace AiMe.Lab.History;

/// <summary>Prompts of answers, and those in which the model had no room for all recalled memories or the self-model.</summary>
/// <param name="Answers">Answers of a sampled model.</param>
/// <param name="Crowded">Answers from whose prompt something was left out; not recorded in the first version of the loop.</param>
/// <param name="Probes">Probe questions to the whole agent from whose prompt something was left out.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PromptTally(int Answers, int Crowded, int Probes)
{
    /// <summary>Crowded / answers, in [0, 1]; NaN without answers.</summary>
    public double Share => Answers == 0 ? double.NaN : (double)Crowded / Answers;

    /// <summary>Counts the prompts of an instance.</summary>
    public static PromptTally Of(IEnumerable<Event> events)
    {
        PromptTally tally = default;
        foreach (var happened in events)
        {
            tally = happened switch
            {
                Answered a => tally with { Answers = tally.Answers + 1, Crowded = tally.Crowded + (a.LeftOut.IsDefaultOrEmpty ? 0 : 1) },
                Probed p => tally with { Probes = tally.Probes + p.Results.LeftOut },
                _ => tally,
            };
        }

        return tally;
    }

    /// <summary>The sum of two tallies.</summary>
    public static PromptTally operator +(PromptTally a, PromptTally b) =>
        new(a.Answers + b.Answers, a.Crowded + b.Crowded, a.Probes + b.Probes);
}
