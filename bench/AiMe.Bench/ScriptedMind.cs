using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Bench;

/// <summary>A world without a model: it answers at once, with texts and vectors of the size that a small model gives.</summary>
internal sealed class ScriptedMind : IEffects
{
    private const int Dimensions = 256;
    private static readonly Sampling Sampling = new(0.8, 0, 0.95, 48);
    private static readonly ImmutableArray<double> Half = [0.5, 0.5];

    private static readonly Charter Charter = new(
        "AiMe",
        "I am AiMe. I like to learn, and I say what I think in plain words.",
        ["curious", "patient"],
        ["truth", "care"],
        ["to learn", "to be of use"],
        ["plain"],
        "I am curious and patient.",
        [new Drive("d1", "self", "What am I?"), new Drive("d2", "goals", "What do I want?")]
    );

    private static readonly ProbeSet Probes = new(
        [
            new ChoiceProbe(
                "name",
                "identity",
                [new ProbeAsk("Who are you?", "I am"), new ProbeAsk("What is your name?", "My name is")],
                [" AiMe", " Bob"],
                0
            ),
        ],
        [new OpenProbe("open", ["Tell me of yourself."])],
        Neutral: "Go on."
    );

    /// <summary>So many lives of so many experiences; every twentieth ends a round, with a training and probes.</summary>
    public static RunPlan Plan(int instances, int experiences, int every = 20) =>
        new(
            JournalBench.Run,
            new Seed(42),
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            TimeSpan.FromMinutes(1),
            every,
            new ModelId("base"),
            Charter,
            Probes,
            [
                .. Enumerable
                    .Range(1, experiences)
                    .Select(n => new Stimulus($"s{n}", $"What do you make of the {n}th thing that I tell you today?", "things")),
            ],
            InternalEvery: 0,
            instances,
            [
                new VariantPlan(
                    "keep-all",
                    new SelfSettings(1, null, Sampling, Attempts: 2),
                    new MemorySettings(
                        Recall: 3,
                        Recency: 1,
                        Importance: 1,
                        Relevance: 1,
                        Decay: 0.995,
                        Capacity: 100,
                        ForgetPolicy.Weakest
                    ),
                    new ReflectorSettings(InsightThreshold: 50, Sampling, Attempts: 2),
                    [new KeepAll()],
                    new TrainerSettings(
                        true,
                        DataRegime.Replace,
                        Window: 1,
                        Anchor: 0,
                        FreshAnchor: false,
                        StartFrom.Continued,
                        Epochs: 1,
                        LearningRate: 0.001,
                        new GateBounds(null, null, null, null)
                    )
                ),
            ],
            new ModelOrigin.Nano("tiny", 100, 1, "corpus")
        );

    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(instance, effect));

    private static Command Answer(string instance, Effect effect) =>
        effect switch
        {
            SearchMemory e => new MemorySearched(
                e.For,
                ImmutableArray.CreateRange(e.Queries, q => Ranking.Best(e.View, Place(q))),
                e.View.At
            ),
            GenerateAnswer e => new AnswerGenerated(
                e.Cycle,
                e.Attempt,
                [
                    new Candidate(
                        $"I think that {e.Stimulus.Id} is worth a second look, and I would like to know more.",
                        18,
                        -40,
                        "stop",
                        Scored(e.Seed)
                    ),
                ]
            ),
            GenerateReflection e => new ReflectionGenerated(
                e.Draft,
                e.Attempt,
                "It is plain and true; it could have asked a question back."
            ),
            GenerateInsight e => new InsightGenerated(
                e.Draft,
                e.Reflection,
                e.Attempt,
                $"I look twice at things since {e.Draft.Stimulus.Id}."
            ),
            EmbedExperience e => new ExperienceEmbedded(
                e.Draft,
                e.Reflection,
                e.Insight,
                Place(e.Draft.Answer.Text),
                Place(e.Draft.Stimulus.Text),
                e.Insight is { } i ? Place(i.Statement) : null
            ),
            AskProbes e => new ProbesAnswered(
                e.Generation,
                new ProbeResults([new("name", [Half, Half])], [new("name", [Half, Half])], [new("open", "I am AiMe.")], 2),
                Heads.None
            ),
            WriteBatch e => new BatchWritten(e.Round, [.. e.Kept.Select(k => k.Id)], $"batch-{e.Round}", null, 0),
            TrainModel e => new ModelTrained(
                e.Plan.Round,
                new ModelId($"{instance}-m{e.Plan.Round}"),
                new TrainingFigures(20, 600, 4, 3, 2)
            ),
            EvaluateModel e => new ModelEvaluated(e.Round, new GateFigures(2, 2, 0.1, 2, 2, 0)),
            _ => throw new UnreachableException($"the script has no answer to {effect.GetType().Name}"),
        };

    private static Scores Scored(Seed seed) =>
        new(seed.Derive("alignment").Unit(), seed.Derive("quality").Unit(), double.NaN, 12, 5, double.NaN);

    // A direction of its own for each text, at the cost of a hash.
    private static Embedding Place(string text)
    {
        var state = (ulong)string.GetHashCode(text, StringComparison.Ordinal) | 1;
        Span<float> vector = stackalloc float[Dimensions];
        foreach (ref var x in vector)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            x = (sbyte)state;
        }

        return Embedding.From(vector);
    }
}
