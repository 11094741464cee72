using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Ratings;

/// <summary>A recorded run of two variants whose answers say which variant gave them, with a judge.</summary>
internal static class RatedRun
{
    public const string Judge = "fit-1a2b3c4d";

    /// <param name="replicates">Instances of each variant, with eight experiences in two rounds.</param>
    public static RunRecord Of(int replicates, Func<string, int, string>? says = null)
    {
        says ??= (variant, cycle) => $"{variant} says {cycle}";
        var plan = Lives.Plan(replicates, Lives.Variant("wild"), Lives.Variant("tame"));
        return new RunRecord(
            SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(plan)),
            [
                .. plan.Instances.Select(i => new InstanceRecord(
                    RunPlan.NameOf(i.Variant, i.Replicate),
                    i.Variant,
                    i.Replicate,
                    InstanceState.Finished,
                    [
                        .. Enumerable
                            .Range(1, 8)
                            .SelectMany(c => Events(c, says(i.Variant.Name, c)))
                            .Select(e => new InstanceEvent(1, "", "", e, "")),
                    ]
                )),
            ]
        );
    }

    // The judge gives the cycle's number, halved; the odd cycles are kept.
    private static IEnumerable<Event> Events(int cycle, string output) =>
        [
            new Rated(cycle, Judge, 1, Reversed: false, new JudgeAnswer.Rating((cycle + 1) / 2, "x", "")),
            new Rated(cycle, Judge, 2, Reversed: true, new JudgeAnswer.Unparsable("?", "it is not JSON")),
            StoredAnswer.Of(cycle, (cycle + 3) / 4, output, cycle % 2 == 1 ? Verdict.Keep : Verdict.Reject),
        ];
}
