using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Tests;

/// <summary>The plans of the runs that tests live: small, and by the <see cref="Script"/> every kind of failure occurs in them.</summary>
internal static class Plans
{
    private static readonly ImmutableArray<Rule> Curate = [new Dedupe(0.999), new Top(ScoreName.Alignment, 0.8, 4)];

    private static readonly VariantPlan Kept = new(
        "kept",
        Some.Self,
        Some.Memory with
        {
            Capacity = 4,
        },
        Some.Reflector,
        Curate,
        Some.Trainer
    );

    private static readonly VariantPlan Frozen = Kept with
    {
        Name = "frozen",
        Curate = [new KeepAll()],
        Trainer = Some.Trainer with { Train = false },
    };

    /// <summary>Two variants: <c>kept</c> curates and trains; <c>frozen</c> keeps everything and does not train.</summary>
    public static RunPlan TwoVariants(int replicates = 2, int stimuli = 7, int internalEvery = 3, int every = 3) =>
        new(
            "test",
            new Seed(42),
            Some.Epoch,
            TimeSpan.FromMinutes(1),
            every,
            Some.Base,
            Some.Charter,
            Some.Probes,
            [.. Enumerable.Range(1, stimuli).Select(Some.Stimulus)],
            internalEvery,
            replicates,
            [Kept, Frozen],
            new ModelOrigin.Nano("tiny", 100, 1, "corpus")
        );

    /// <summary>The same in the second loop version, with <c>matched</c>, whose batches are as large as those that <c>kept</c> would have.</summary>
    public static RunPlan Matched() =>
        TwoVariants(stimuli: 9, internalEvery: 0, every: 4) with
        {
            Variants = [Kept, Kept with { Name = "matched", Curate = [new Matched("kept", Curate)] }],
            LoopVersion = LoopVersion.Second,
        };

    /// <summary>Three variants in the second loop version: two with a judge, of which one counts failures, and one matched to the first.</summary>
    public static RunPlan Judged() =>
        TwoVariants(stimuli: 6, internalEvery: 0, every: 3, replicates: 1) with
        {
            Variants =
            [
                Kept with
                {
                    Name = "judged",
                    Curate = [new Dedupe(0.999), Some.Judge()],
                },
                Kept with
                {
                    Name = "counted",
                    Curate = [Some.Judge(samples: 3, counts: true)],
                },
                Kept with
                {
                    Name = "matched",
                    Curate = [new Matched("judged", [new Dedupe(0.999), Some.Judge()])],
                },
            ],
            LoopVersion = LoopVersion.Second,
        };

    /// <summary>One variant, <c>kept</c>, whose trainings are jobs on a server.</summary>
    public static RunPlan TrainedByJobs(int replicates = 2) =>
        TwoVariants(replicates) with
        {
            Variants = [Kept with { Trainer = Some.Hired }],
        };
}
