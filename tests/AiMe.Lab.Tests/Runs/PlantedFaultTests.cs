using System.Collections.Concurrent;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Hosts;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Runs;

/// <summary>
/// The shipped replications find mistakes, that of selection in a smaller form: a fault that is planted between the deciders and the models turns a verdict that is
/// <i>reproduced</i> without it. The seed is one of those on which the predictions were developed.
/// </summary>
public sealed class PlantedFaultTests
{
    [SlowFact]
    public async Task Without_a_fault_the_law_of_the_gaussian_comes_out() =>
        (await VerdictsAsync("gaussian", Correct)).ShouldAllBe(v => v.Verdict == PredictionVerdict.Reproduced);

    [SlowFact]
    public async Task Accumulating_that_forgets_the_first_round_is_found() =>
        (await VerdictsAsync("gaussian", ForgetsTheFirstRound))
            .Where(v => v.Verdict == PredictionVerdict.NotReproduced)
            .Select(v => v.Variant)
            .ShouldBe(["accumulate"]);

    [SlowFact]
    public async Task An_anchor_that_is_not_fresh_is_found() =>
        (await VerdictsAsync("gaussian", AnchorsAsInTheFirstRound()))
            .Where(v => v.Verdict == PredictionVerdict.NotReproduced)
            .Select(v => v.Variant)
            .ShouldBe(["anchored"]);

    [SlowFact]
    public async Task A_selection_that_takes_the_answer_beside_the_best_is_found()
    {
        string[] small = ["replicates=4", "stimuli.count=144", "train.learning-rate=0.002"];
        (await VerdictsAsync("anchored-selection", Correct, sets: small))[0].Verdict.ShouldBe(PredictionVerdict.Reproduced);
        var found = (await VerdictsAsync("anchored-selection", Correct, TakesTheNext, small))[0];
        found.Verdict.ShouldNotBe(PredictionVerdict.Reproduced);
        found.N.ShouldBe(4, "the fault leaves every replicate its value");
    }

    private static Effect Correct(string instance, Effect effect) => effect;

    // Parts are the answers of each round, then what is beside them: of these runs the real draws, which came with the first round.
    private static Effect ForgetsTheFirstRound(string instance, Effect effect) =>
        effect is TrainModel { Plan: { Round: > 1 } plan } && instance.StartsWith("accumulate", StringComparison.Ordinal)
            ? new TrainModel(plan with { Parts = plan.Parts[1..plan.Round] })
            : effect;

    private static Func<string, Effect, Effect> AnchorsAsInTheFirstRound()
    {
        ConcurrentDictionary<string, Seed> first = new(StringComparer.Ordinal);
        return (instance, effect) =>
            effect is WriteBatch write ? write with { AnchorSeed = first.GetOrAdd(instance, write.AnchorSeed) } : effect;
    }

    // Each candidate gets the scores of the one before it, so that the best scores belong to another answer.
    private static Command TakesTheNext(Command result) =>
        result is AnswerGenerated { Candidates: { Length: > 1 } all } answer
            ? answer with
            {
                Candidates = [.. all.Select((c, i) => c with { Scores = all[(i + all.Length - 1) % all.Length].Scores })],
            }
            : result;

    private static async Task<(string Variant, PredictionVerdict Verdict, int N)[]> VerdictsAsync(
        string name,
        Func<string, Effect, Effect> plant,
        Func<Command, Command>? result = null,
        string[]? sets = null
    )
    {
        var file = Path.Combine(Repository.Config, "experiments", "replications", $"{name}.yaml");
        var experiment = ExperimentFile.Load(file, ["seed=3", .. sets ?? []]).Experiment.ShouldNotBeNull();
        var directory = Directory.CreateTempSubdirectory("aime-fault-").FullName;
        try
        {
            await using var store = await Journal.EventStore.OpenAsync(
                directory,
                TimeProvider.System,
                SqliteSettings.Default,
                (_, _) => true,
                CancellationToken.None
            );
            var models = await PreparedModels.PrepareAsync(experiment, store, 2, null, null, CancellationToken.None);
            var plan = experiment.Plan(models.Base, models.Origin);
            await RunHost.RunAsync(
                plan,
                store,
                new Faulty(models.Effects, plant, result ?? (r => r)),
                new SessionOptions(2),
                new Forks.LivedStore.Quiet(),
                TimeProvider.System,
                CancellationToken.None,
                CancellationToken.None
            );
            var comparison = RunComparison.Of(await RunRecord.ReadAsync(store.Journal, plan.Run, CancellationToken.None));
            return [.. comparison.Predictions.Select(p => (p.Declared.Of.Involved[0], p.Verdict, p.Estimate.N))];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private sealed class Faulty(IEffects effects, Func<string, Effect, Effect> plant, Func<Command, Command> result) : IEffects
    {
        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            result(await effects.RunAsync(instance, plant(instance, effect), cancellationToken));
    }
}
