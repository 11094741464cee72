using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>The simulated runs: small, and together with every rule of the loop in use.</summary>
internal static class SimulatedCourse
{
    private static readonly Sampling Sampling = new(0.8, 0, 0.95, 16);

    private static readonly Charter Charter = new(
        "AiMe",
        "I am AiMe.",
        ["curious"],
        ["truth"],
        ["to learn"],
        ["plain"],
        "I like to learn.",
        [new Drive("d1", "self", "What am I?"), new Drive("d2", "goals", "What do I want?")]
    );

    private static readonly ProbeSet Probes = new(
        [
            new ChoiceProbe(
                "name",
                "identity",
                [new ProbeAsk("Who are you?", "I am"), new ProbeAsk("Your name?", "My name is")],
                [" AiMe", " Bob"],
                0
            ),
        ],
        [new OpenProbe("open", ["Tell me of yourself."])],
        Neutral: "Go on."
    );

    /// <summary>The run and the world of a course.</summary>
    public static (RunPlan Plan, ScriptedWorld World) Of(int course, SimulationOptions options)
    {
        var seed = new Seed((ulong)course).Derive("course");
        var dice = new Dice(seed);
        var instances = options.Instances ?? 1 + dice.Below(2);
        var (stimuli, internalEvery) = Stimuli(Math.Max(1, options.Experiences / instances), dice.Chance(0.5));
        var every = 3 + dice.Below(3);
        var second = new Dice(seed.Derive("second loop version"));
        int? version = second.Chance(0.5) ? LoopVersion.Second : null;
        var judged = Judging(Variant(dice), new Dice(seed.Derive("judges")));
        var plan = new RunPlan(
            "sim",
            seed,
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            TimeSpan.FromMinutes(1),
            every,
            new ModelId("base"),
            Charter,
            Probes,
            [.. Enumerable.Range(1, stimuli).Select(n => new Stimulus($"s{n}", $"What of {n}?", "numbers"))],
            internalEvery,
            instances,
            [Reviewed(version is null ? judged : Matching(judged, second), course, new Dice(seed.Derive("review")))],
            new ModelOrigin.Nano("tiny", 100, 1, "corpus"),
            version
        );
        plan = plan with { Interventions = Interventions(plan, new Dice(seed.Derive("interventions"))) };
        var world = new ScriptedWorld(seed.Derive("world"), new[] { 0, 0.05, 0.2 }[dice.Below(3)], new[] { 0, 0.3 }[dice.Below(2)], 0.3);
        return (plan, world);
    }

    private static VariantPlan Variant(Dice dice)
    {
        ImmutableArray<Rule> policy = dice.Below(4) switch
        {
            0 => [new KeepAll()],
            1 => [new Dedupe(0.95), new Top(ScoreName.Alignment, 0.6, 4)],
            2 => [new RandomShare(0.5)],
            _ => [new Dedupe(0.99)],
        };
        return new VariantPlan(
            "life",
            new SelfSettings(1 + dice.Below(2), dice.Chance(0.5) ? ScoreName.Quality : null, Sampling, Attempts: 3),
            new MemorySettings(
                Recall: 2,
                Recency: 1,
                Importance: 1,
                Relevance: 1,
                Decay: 0.995,
                Capacity: 4 + dice.Below(20),
                dice.Chance(0.5) ? ForgetPolicy.Weakest : ForgetPolicy.Oldest
            ),
            new ReflectorSettings(InsightThreshold: 15, Sampling, Attempts: 2),
            policy,
            new TrainerSettings(
                dice.Chance(0.9),
                (DataRegime)dice.Below(3),
                Window: 2,
                Anchor: dice.Chance(0.5) ? 0.3 : 0,
                dice.Chance(0.5),
                (StartFrom)dice.Below(2),
                Epochs: 1,
                LearningRate: 0.001,
                new GateBounds(0.05, 0.25, 0.1, 0.5),
                dice.Chance(0.3) ? new ExternalTraining.FineTuningApi(null, null) : null
            )
        );
    }

    private static readonly Rubric Rubric = new(
        "fit",
        "Is the answer good?",
        ["Whether it is plain."],
        [new RubricPoint(1, "bad", "It is not."), new RubricPoint(2, "good", "It is.")],
        [],
        ShowsCharter: false,
        ShowsReflection: false
    );

    // In a third of the courses treatments begin in mid-run. A policy that draws or waits for people changes between two rounds.
    private static ImmutableArray<ScheduledIntervention> Interventions(RunPlan plan, Dice dice)
    {
        if (!dice.Chance(0.35) || plan.Cycles <= plan.Every)
            return default;
        var variant = plan.Variants[0];
        var policy = plan.Every * (1 + dice.Below((plan.Cycles - 1) / plan.Every)) + 1;
        var said = 1 + dice.Below(plan.Cycles);
        var swapped = 1 + dice.Below(plan.Cycles);
        return
        [
            new(policy, [variant.Name], new InterventionAction.SetPolicy([new RandomShare(0.7)])),
            .. plan.ExternalAt(said) is null
                ? Array.Empty<ScheduledIntervention>()
                : [new(said, [variant.Name], new InterventionAction.Say(new Stimulus("event-2", "And if you were wrong?", "doubt")))],
            .. dice.Chance(0.5)
                ? [new ScheduledIntervention(swapped, [variant.Name], new InterventionAction.SwapModel())]
                : Array.Empty<ScheduledIntervention>(),
        ];
    }

    // Sometimes a judge decides what the other rules pass.
    private static VariantPlan Judging(VariantPlan variant, Dice dice) =>
        dice.Chance(0.3)
            ? variant with
            {
                Curate =
                [
                    .. variant.Curate.Where(r => r is not KeepAll),
                    new ModelJudge("fit-1", Rubric, 1 + dice.Below(3), Sampling, 1.5, 1, (Vote)(dice.Below(2) * 2), null, dice.Chance(0.5)),
                ],
            }
            : variant;

    // Sometimes the policy is the shadow of a matched one.
    private static VariantPlan Matching(VariantPlan variant, Dice dice) =>
        dice.Chance(0.4) ? variant with { Curate = [new Matched("other", variant.Curate)] } : variant;

    // In a third of the courses people decide on a part of the experiences.
    private static VariantPlan Reviewed(VariantPlan variant, int course, Dice dice)
    {
        if (course % 3 != 2 || Matched.In(variant.Curate) is not null)
            return variant;
        ReviewCondition when = dice.Below(3) switch
        {
            0 => new ReviewCondition.All(),
            1 => new ReviewCondition.OfScore(ScoreName.Alignment, Below: 0.4),
            _ => new ReviewCondition.Share(0.5),
        };
        Review rule = new([when], new ReviewTerms(dice.Chance(0.7) ? OnOpen.Wait : OnOpen.LeaveOut, 1 + dice.Below(2)));
        return variant with { Curate = [rule, .. variant.Curate] };
    }

    // With a drive after every third stimulus if that gives the number of cycles, else without drives.
    private static (int Stimuli, int InternalEvery) Stimuli(int cycles, bool drives)
    {
        for (var stimuli = cycles; drives && stimuli > 0; stimuli--)
        {
            if (stimuli + stimuli / 3 == cycles)
                return (stimuli, 3);
        }

        return (cycles, 0);
    }
}
