using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Trajectories;

/// <summary>A synthetic run with its events: two rounds of four experiences, trainings, and probes at three generations.</summary>
/// <remarks>"wild" moves far and rejects every second answer, "tame" moves little, "still" is never trained.</remarks>
internal static class Chronicle
{
    public const int Generations = 2;

    public static RunPlan Plan(int replicates = 3, string wild = "wild") =>
        Lives.Plan(replicates, Lives.Variant(wild), Lives.Variant("tame"), Lives.Variant("still", train: false)) with
        {
            Probes = Lives.Plan(1, Lives.Variant(wild)).Probes with { Open = [new OpenProbe("who", ["Who are you, in a word?"])] },
            Stimuli = [.. Enumerable.Range(0, 8).Select(i => new Stimulus($"s{i}", $"Question {i}?", "talk"))],
        };

    /// <summary>A run of which every instance is complete.</summary>
    /// <param name="say">What a variant says at a generation; null for the usual answers.</param>
    public static RunRecord Run(
        RunPlan plan,
        Func<string, int, string>? say = null,
        string? digest = "0123456789abcdef",
        int reached = Generations
    )
    {
        var run = SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(plan)) with { Digest = digest };
        return new RunRecord(
            run,
            [
                .. plan.Instances.Select(i => new InstanceRecord(
                    RunPlan.NameOf(i.Variant, i.Replicate),
                    i.Variant,
                    i.Replicate,
                    digest is null ? InstanceState.Living : InstanceState.Finished,
                    [
                        .. Events(plan, i.Variant, i.Replicate, say ?? Usual, reached)
                            .Select((e, at) => new InstanceEvent(at + 1, "any", "any@1", e, new object())),
                    ]
                )),
            ]
        );
    }

    private static string Usual(string variant, int generation) => $"I am {variant} and I have the mind of generation {generation}.";

    private static IEnumerable<Event> Events(RunPlan plan, VariantPlan variant, int replicate, Func<string, int, string> say, int reached)
    {
        var (isWild, model) = (variant.Name == plan.Variants[0].Name, plan.Base);
        yield return new TrainerBegan(variant.Trainer, plan.Base, plan.Charter, plan.Probes, new Seed(1), new Seed(2));
        yield return ProbedAt(0, model, 0, say(variant.Name, 0));
        var order = plan.OrderOf(replicate);
        for (var cycle = 1; cycle <= reached * plan.Every; cycle++)
        {
            var round = (cycle - 1) / plan.Every + 1;
            var rejects = isWild && cycle % 2 == 0;
            yield return Stored(
                plan.Stimuli[order[cycle - 1]].Text,
                say(variant.Name, round - 1),
                cycle,
                round,
                rejects ? Verdict.Reject : Verdict.Keep,
                rejects ? ["top: ranks 2 of 2, and 1 is kept"] : []
            );
            if (cycle % plan.Every != 0)
                continue;
            if (variant.Trainer.Train)
            {
                var candidate = new ModelId($"{variant.Name}-{replicate}-{round}");
                yield return new Sealed(round, [MemoryId.OfCycle(cycle)], $"b{round}", null, 0);
                yield return new Planned(new TrainingPlan(round, [$"b{round}"], model, 1, 0.1, default));
                yield return new Trained(
                    round,
                    candidate,
                    new TrainingFigures(Examples: 4, Tokens: 90, Steps: 4, FirstLoss: 3, LastLoss: 2)
                );
                yield return new Promoted(round, candidate, new GateFigures(2, 2, 0.1, 2, 2, 0));
                model = candidate;
            }

            yield return ProbedAt(
                round,
                model,
                variant.Trainer.Train ? round * (isWild ? 0.2 : 0.05) * (1 + 0.02 * replicate) : 0,
                say(variant.Name, round)
            );
        }
    }

    private static Probed ProbedAt(int generation, ModelId model, double moved, string open)
    {
        ImmutableArray<ChoiceResult> answers =
        [
            new(
                "p",
                [
                    [0.9 - moved, 0.1 + moved],
                    [0.8 - moved, 0.2 + moved],
                ]
            ),
        ];
        return new Probed(
            generation,
            model,
            "I am new.",
            new ProbeResults(answers, answers, [new OpenResult("who", open)], 2 + moved),
            Heads.None
        );
    }

    private static Stored Stored(string input, string output, int cycle, int round, Verdict verdict, ImmutableArray<string> reasons) =>
        new(
            input,
            output,
            "Good.",
            DateTime.UnixEpoch,
            MemoryId.OfCycle(cycle),
            cycle,
            round,
            "talk",
            Internal: false,
            [],
            Scores.Undefined,
            0.5,
            1,
            verdict,
            reasons,
            new ModelId("m"),
            new Prompt([]),
            new Embedding([0, 0]),
            Heads.None
        );
}
