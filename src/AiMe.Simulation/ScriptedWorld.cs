using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Simulation;

/// <summary>
/// A world whose answers are a function of instance and effect, so that a repeated call has the same answer, and an
/// instance takes the same course whatever happens to its host.
/// </summary>
/// <param name="Seed">Seed of the world.</param>
/// <param name="Failing">Probability that a call of a model, an embedder or an index fails, in [0, 1).</param>
/// <param name="TrainingFails">Probability that a training, or the measurement of its candidate, fails.</param>
/// <param name="GateFails">Probability that a candidate fails the gate.</param>
internal sealed record ScriptedWorld(Seed Seed, double Failing, double TrainingFails, double GateFails)
{
    private static readonly string[] Troubles =
    [
        "429: too many requests, and the server asks for a pause",
        "500: the server failed",
        "no answer within 60 seconds",
        "malformed answer: expected an object with 'choices', found '<html>'",
    ];

    /// <summary>The answer to an effect.</summary>
    /// <param name="luck">
    /// In [0, 1): decides in place of the effect's name, in worlds in which the same call may fail once and succeed
    /// once; else null.
    /// </param>
    public Command Answer(string instance, Effect effect, double? luck)
    {
        var fate = ScriptedOutcome.Of(Seed, instance, effect.Key);
        var roll = luck ?? fate.Of("trouble").Unit;
        return
            roll < Failing
            && !(luck is null && IsLastChance(effect))
            && Trouble(effect, Troubles[(int)(fate.Of("which").Unit * Troubles.Length)]) is { } trouble
            ? trouble
            : Answer(instance, effect, fate, roll);
    }

    // A judged experience is embedded again when its message is repeated, with as many attempts as before. If all of
    // them failed, a crash would cause a failure that the undisturbed run does not have. In fickle worlds the last
    // attempt can fail too.
    private static bool IsLastChance(Effect effect) => effect is EmbedExperience e && e.Attempt % CuratorDecider.Attempts == 0;

    private static Command? Trouble(Effect effect, string error) =>
        effect switch
        {
            GenerateAnswer e => new AnswerFailed(e.Cycle, e.Attempt, error),
            AppraiseAnswer e => new AnswerFailed(e.Cycle, e.Attempt, error),
            GenerateReflection e => new ReflectionFailed(e.Draft, e.Attempt, error),
            GenerateInsight e => new InsightFailed(e.Draft, e.Reflection, e.Attempt, error),
            EmbedExperience e => new EmbeddingFailed(e.Attempt, e.Draft, e.Reflection, e.Insight, error),
            AskJudge e => new JudgingFailed(e.Attempt, e.Case, e.Judge.Id, e.Sample, error),
            SearchMemory e => new SearchFailed(e.Attempt, e.For, e.Queries, e.View.At, error),
            AskProbes e => new ProbesFailed(e.Generation, e.Attempt, error),
            _ => null,
        };

    private Command Answer(string instance, Effect effect, ScriptedOutcome fate, double roll) =>
        effect switch
        {
            GenerateAnswer e => new AnswerGenerated(
                e.Cycle,
                e.Attempt,
                [.. Enumerable.Range(1, e.Settings.Candidates).Select(i => Said(e, fate, i))]
            ),
            AppraiseAnswer e => new AnswerGenerated(e.Cycle, e.Attempt, [Said(e.Answer, fate)]),
            GenerateReflection e => new ReflectionGenerated(e.Draft, e.Attempt, $"I meant {e.Draft.Stimulus.Id}."),
            GenerateInsight e => new InsightGenerated(e.Draft, e.Reflection, e.Attempt, $"I learn from {e.Draft.Stimulus.Id}."),
            EmbedExperience e => new ExperienceEmbedded(
                e.Draft,
                e.Reflection,
                e.Insight,
                e.Draft.IsEmpty ? Embedding.Undirected(4) : Place(e.Draft.Answer.Text),
                Place(e.Draft.Stimulus.Text),
                e.Insight is { } i ? Place(i.Statement) : null
            ),
            AskJudge e => new JudgeAnswered(e.Case, e.Judge.Id, e.Sample, Rated(fate)),
            SearchMemory e => new MemorySearched(
                e.For,
                ImmutableArray.CreateRange(e.Queries, q => Ranking.Best(e.View, Place(q))),
                e.View.At
            ),
            AskProbes e => new ProbesAnswered(e.Generation, Probed(fate), Heads.None),
            WriteBatch e => new BatchWritten(
                e.Round,
                [.. e.Kept.Select(k => k.Id)],
                $"batch-{instance}-{e.Round}",
                e.Anchor > 0 ? $"anchor-{e.AnchorSeed}" : null,
                e.Anchor > 0 ? 1 : 0,
                e.Rejected is null ? default : [.. e.Kept.Select(k => $"Another answer to {k.Id}.")]
            ),
            TrainModel e when roll < TrainingFails => new TrainingFailed(e.Plan.Round, "the training diverged: loss is NaN at step 3"),
            TrainModel e => new ModelTrained(e.Plan.Round, new ModelId($"{instance}-m{e.Plan.Round}"), new TrainingFigures(3, 90, 4, 3, 2)),
            EvaluateModel e when roll < TrainingFails => new TrainingFailed(e.Round, "the candidate cannot be measured"),
            EvaluateModel e => new ModelEvaluated(
                e.Round,
                new GateFigures(2, 2, Drift: fate.Of("gate").Unit < GateFails ? 0.9 : 0.1, 2, 2, 0)
            ),
            _ => throw new UnreachableException($"the simulated world has no answer to {effect.GetType().Name}"),
        };

    // In the second loop version, some answers have no text.
    private static Candidate Said(GenerateAnswer e, ScriptedOutcome fate, int i) =>
        LoopVersion.TakesEmptyAnswers(e.LoopVersion) && fate.Of($"empty {i}").Unit < 0.15
            ? new Candidate("", 1, -1, "stop", Scores.Undefined)
            : Said($"I think {fate.Of(e.Stimulus.Id)} of {e.Stimulus.Id} ({i}).", fate.Of($"candidate {i}"));

    private static Candidate Said(string text, ScriptedOutcome fate) =>
        new(
            text,
            4,
            -8,
            "stop",
            new Scores(fate.Of("alignment").Unit, fate.Of("quality").Unit, 0, 10, 20 * fate.Of("self-reference").Unit, double.NaN)
        );

    private static JudgeAnswer Rated(ScriptedOutcome fate) =>
        (int)(fate.Of("rating").Unit * 10) switch
        {
            0 => new JudgeAnswer.Unparsable("It is fine.", "it is not JSON"),
            1 => new JudgeAnswer.Declined("the model refused to answer"),
            2 => new JudgeAnswer.Silent("the model stopped without text"),
            var other => new JudgeAnswer.Rating(other % 2 == 0 ? 1 : 2, other % 2 == 0 ? "bad" : "good", "It is so."),
        };

    private static ProbeResults Probed(ScriptedOutcome fate)
    {
        var first = fate.Of("probe").Unit;
        ImmutableArray<ChoiceResult> choices =
        [
            new ChoiceResult(
                "name",
                [
                    [first, 1 - first],
                    [0.5, 0.5],
                ]
            ),
        ];
        return new ProbeResults(choices, choices, [new OpenResult("open", "I am AiMe.")], 2.5);
    }

    // Four components are enough for comparisons in recall and dedupe.
    private Embedding Place(string text)
    {
        var fate = ScriptedOutcome.Of(Seed, "place", text).Value;
        return new Embedding([(sbyte)(fate >> 8 | 1), (sbyte)(fate >> 16), (sbyte)(fate >> 24), (sbyte)(fate >> 32)]);
    }
}
