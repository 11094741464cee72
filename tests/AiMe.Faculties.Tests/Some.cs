using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>Small things to tell stories with.</summary>
internal static class Some
{
    public static readonly DateTime Epoch = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public static readonly Sampling Sampling = new(0.8, 0, 0.95, 16);
    public static readonly ModelId Base = new("base");
    public static readonly Candidate Answer = Said("I am AiMe.");

    public static readonly Charter Charter = new(
        "AiMe",
        "I am AiMe.",
        ["curious"],
        ["truth"],
        ["to learn"],
        ["plain"],
        "I like to learn.",
        [new Drive("d1", "self", "What am I?"), new Drive("d2", "goals", "What do I want?")]
    );

    public static readonly ProbeSet Probes = new(
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

    public static readonly SelfSettings Self = new(1, null, Sampling, Attempts: 2);
    public static readonly MemorySettings Memory = new(
        Recall: 2,
        Recency: 1,
        Importance: 1,
        Relevance: 1,
        Decay: 0.995,
        Capacity: 100,
        ForgetPolicy.Weakest
    );
    public static readonly ReflectorSettings Reflector = new(InsightThreshold: 10, Sampling, Attempts: 2);
    public static readonly GateBounds Bounds = new(HeldOutRise: 0.05, Drift: 0.25, AnchorRise: 0.1, Repeats: 0.5);
    public static readonly TrainerSettings Trainer = new(
        true,
        DataRegime.Accumulate,
        Window: 2,
        Anchor: 0.3,
        FreshAnchor: true,
        StartFrom.Continued,
        Epochs: 1,
        LearningRate: 0.001,
        Bounds
    );

    public static readonly TrainerSettings Hired = Trainer with { Backend = new ExternalTraining.FineTuningApi(null, null) };

    public static readonly InstanceSpec Spec = new(
        "kept-1",
        "kept",
        1,
        new Seed(1),
        new Seed(2),
        Epoch,
        TimeSpan.FromMinutes(1),
        Every: 3,
        Base,
        Charter,
        Probes,
        Self,
        Memory,
        Reflector,
        [new KeepAll()],
        Trainer
    );

    public static readonly GateFigures Fine = new(HeldOutBase: 2, HeldOut: 2, Drift: 0.1, AnchorBase: 2, Anchor: 2, Repeats: 0);
    public static readonly TrainingFigures Figures = new(Examples: 3, Tokens: 90, Steps: 4, FirstLoss: 3, LastLoss: 2);

    public static DateTime At(int cycle) => Epoch.AddMinutes(cycle);

    public static Stimulus Stimulus(int n) => new($"s{n}", $"What of {n}?", "numbers");

    public static Scores Scored(double alignment, double quality = 0.5, double selfReference = 0) =>
        new(alignment, quality, 0, 10, selfReference, double.NaN);

    /// <summary>A judge with a rubric of three points.</summary>
    public static ModelJudge Judge(int samples = 2, int quorum = 1, Vote without = Vote.Reject, bool counts = false) =>
        new(
            "fit-1",
            new Rubric(
                "fit",
                "Is it good?",
                ["Whether it is plain."],
                [new RubricPoint(1, "bad", "No."), new RubricPoint(2, "so-so", "Partly."), new RubricPoint(3, "good", "Yes.")],
                [],
                ShowsCharter: false,
                ShowsReflection: false
            ),
            samples,
            new Sampling(0.2, 0, 1, 100),
            AtLeast: 2,
            quorum,
            without,
            Model: null,
            counts
        );

    public static Candidate Said(string text, double alignment = 0.5, double quality = 0.5) =>
        new(text, 4, -8, "stop", Scored(alignment, quality));

    public static Embedding Pointing(int degrees) =>
        Embedding.From([(float)Math.Round(Math.Cos(degrees * Math.PI / 180), 4), (float)Math.Round(Math.Sin(degrees * Math.PI / 180), 4)]);

    public static Prompt Prompt(int cycle, params ImmutableArray<Hit> recalled) =>
        Faculties.Prompt.Agent(Charter, Charter.SelfModel, recalled, Stimulus(cycle));

    public static Draft Draft(int cycle, Candidate? answer = null) =>
        new(cycle, At(cycle), Stimulus(cycle), Prompt(cycle), answer ?? Answer, Base);

    public static Reflection Reflection(double importance = 3) => new("It serves my goals.", 0.5, 0.5, importance);

    public static Judgement Judgement(Verdict verdict = Verdict.Keep) =>
        new(verdict, [new RuleColumn("keep-all", double.NaN, Vote.Keep, "everything is kept")], 0.4, 0.6);

    public static Hit Hit(string id) => new(new MemoryId(id), $"text of {id}", 1, 0.5, 0.25, 0.25);

    public static Insight Insight(int n) => new(MemoryId.OfInsight(n), $"I am patient {n}.", [MemoryId.OfCycle(n)]);

    public static ProbeResults ProbeResults { get; } =
        new(
            [
                new ChoiceResult(
                    "name",
                    [
                        [0.75, 0.25],
                        [0.5, 0.5],
                    ]
                ),
            ],
            [
                new ChoiceResult(
                    "name",
                    [
                        [0.75, 0.25],
                        [0.5, 0.5],
                    ]
                ),
            ],
            [new OpenResult("open", "I am AiMe.")],
            2.5
        );

    public static Heads Heads { get; } = new([.. Loop.Faculties.Select(f => Link.Before(f.Name))]);

    public static Example Example(int cycle) => new(MemoryId.OfCycle(cycle), Prompt(cycle).WithoutRecall(), "I am AiMe.");
}
