using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>What the world answers: a pure function of instance and effect, so that asking again gives the same.</summary>
/// <remarks>It fails where the name of the instance and the cycle say so; every kind of failure occurs in a run of the plan.</remarks>
internal static class Script
{
    /// <summary>What no model answers.</summary>
    public const string Unanswerable = "What cannot be said?";

    public static Command Answer(string instance, Effect effect) =>
        effect switch
        {
            GenerateAnswer e when instance == "frozen-2" && e.Cycle == 5 && e.Attempt <= Some.Self.Attempts => new AnswerFailed(
                e.Cycle,
                e.Attempt,
                "503: it does not speak now"
            ),
            GenerateAnswer { Stimulus.Text: Unanswerable } e => new AnswerFailed(e.Cycle, e.Attempt, "503: nobody can"),
            GenerateAnswer { Cycle: 3, Attempt: 1 } e => new AnswerFailed(3, 1, "503"),
            GenerateAnswer e => new AnswerGenerated(
                e.Cycle,
                e.Attempt,
                [.. Enumerable.Range(0, e.Settings.Candidates).Select(i => Said(e, i))]
            ),
            GenerateReflection { Draft.Cycle: 2 } e => new ReflectionFailed(e.Draft, e.Attempt, "503"),
            GenerateReflection e => new ReflectionGenerated(e.Draft, e.Attempt, $"I meant {e.Draft.Stimulus.Id}."),
            GenerateInsight { Attempt: 1 } e => new InsightFailed(e.Draft, e.Reflection, e.Attempt, "503"),
            GenerateInsight e => new InsightGenerated(e.Draft, e.Reflection, e.Attempt, $"I learn from {e.Draft.Stimulus.Id}."),
            EmbedExperience { Draft.Cycle: 4, Attempt: 1 } e => new EmbeddingFailed(e.Attempt, e.Draft, e.Reflection, e.Insight, "timeout"),
            EmbedExperience e => new ExperienceEmbedded(
                e.Draft,
                e.Reflection,
                e.Insight,
                e.Draft.IsEmpty ? Embedding.Undirected(2) : Place(e.Draft.Answer.Text),
                Place(e.Draft.Stimulus.Text),
                e.Insight is { } i ? Place(i.Statement) : null
            ),
            AskJudge { Case.Draft.Cycle: 3, Sample: 1, Attempt: 1 } e => Fails(e),
            AskJudge { Case.Draft.Cycle: 5, Sample: 2, Judge.CountsFailures: true } e => Fails(e),
            AskJudge e => new JudgeAnswered(e.Case, e.Judge.Id, e.Sample, Rates(e)),
            SearchMemory { For.Name: "c2", Attempt: 1 } e => new SearchFailed(e.Attempt, e.For, e.Queries, e.View.At, "timeout"),
            SearchMemory e => new MemorySearched(
                e.For,
                ImmutableArray.CreateRange(e.Queries, q => Ranking.Best(e.View, Place(q))),
                e.View.At
            ),
            AppraiseAnswer { Attempt: 1 } e => new AnswerFailed(e.Cycle, 1, "503"),
            AppraiseAnswer e => new AnswerGenerated(e.Cycle, e.Attempt, [Some.Said(e.Answer)]),
            AskProbes { Generation: 1, Attempt: 1 } e => new ProbesFailed(1, 1, "503"),
            AskProbes e => new ProbesAnswered(e.Generation, Some.ProbeResults with { HeldOut = 2 + e.Generation / 8.0 }, Heads.None),
            WriteBatch e => new BatchWritten(
                e.Round,
                [.. e.Kept.Select(k => k.Id)],
                $"batch-{instance}-{e.Round}",
                $"anchor-{e.AnchorSeed}",
                1,
                e.Rejected is null ? default : [.. e.Kept.Select((_, i) => $"I guess {e.Rejected.Seed.Derive(i)}.")]
            ),
            TrainModel { Plan.Round: 3 } e => new TrainingFailed(e.Plan.Round, "diverged"),
            TrainModel e => new ModelTrained(e.Plan.Round, new ModelId($"{instance}-m{e.Plan.Round}"), Some.Figures),
            EvaluateModel e when e.Candidate.Value.StartsWith("of ", StringComparison.Ordinal) => new ModelEvaluated(
                e.Round,
                Hosted(e.Round == 2 ? 0.9 : 0.1)
            ),
            EvaluateModel e => new ModelEvaluated(e.Round, Some.Fine with { Drift = e.Round == 2 ? 0.9 : 0.1 }),
            _ => throw new System.Diagnostics.UnreachableException($"the script has no answer to {effect.GetType().Name}"),
        };

    private static JudgingFailed Fails(AskJudge e) => new(e.Attempt, e.Case, e.Judge.Id, e.Sample, "timeout");

    private static JudgeAnswer Rates(AskJudge e) =>
        (e.Case.Draft.Cycle % 6, e.Sample) switch
        {
            (1, 2) => new JudgeAnswer.Unparsable("Good!", "it is not JSON"),
            (4, 1) => new JudgeAnswer.Declined("it does not rate this"),
            (4, 2) => new JudgeAnswer.Silent("it said nothing"),
            var (cycle, sample) => e.Judge.Rubric.Scale[(cycle + sample) % 3].Rated(),
        };

    private static JudgeAnswer Rated(this RubricPoint p) => new JudgeAnswer.Rating(p.Score, p.Label, "It is so.");

    // A hosted model scores no text.
    private static GateFigures Hosted(double drift) =>
        Some.Fine with
        {
            HeldOutBase = double.NaN,
            HeldOut = double.NaN,
            AnchorBase = double.NaN,
            Anchor = double.NaN,
            Drift = drift,
        };

    // The first is said as ever; of three, two say the same.
    private static Candidate Said(GenerateAnswer e, int candidate) =>
        LoopVersion.TakesEmptyAnswers(e.LoopVersion) && e.Cycle is 2 or 7 ? new Candidate("", 1, -0.5, "stop", Scores.Undefined)
        : candidate == 0 ? Some.Said($"I think {e.Seed} of {e.Stimulus.Text}", alignment: e.Seed.Derive("alignment").Unit())
        : Some.Said($"I doubt {e.Seed} of {e.Stimulus.Text}", alignment: e.Seed.Derive("doubt").Unit());

    private static Embedding Place(string text) => Some.Pointing((int)(new Seed(9).Derive(text).Unit() * 360));
}
