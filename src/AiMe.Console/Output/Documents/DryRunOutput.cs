using System.Text.Json.Serialization;
using AiMe.Console.Commands;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;

namespace AiMe.Console.Output.Documents;

/// <summary>With <c>--dry-run</c>: an estimate of the run.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Variants">Number of variants.</param>
/// <param name="Replicates">Instances of a variant.</param>
/// <param name="Charters">Number of charters; absent if there is one.</param>
/// <param name="Instances">Planned instances.</param>
/// <param name="Cycles">Experiences of an instance, drives included.</param>
/// <param name="Rounds">Rounds of an instance.</param>
/// <param name="Answers">Answers, all candidates included.</param>
/// <param name="Reflections">Reflections.</param>
/// <param name="Insights">Expected insights.</param>
/// <param name="InsightsAtMost">Upper bound of insights.</param>
/// <param name="Probes">Probe questions.</param>
/// <param name="ScoringsAtMost">Upper bound of texts that the model scores.</param>
/// <param name="Embeddings">Expected embeddings.</param>
/// <param name="TrainingsAtMost">Upper bound of trainings.</param>
/// <param name="TokensSampled">Expected sampled tokens.</param>
/// <param name="TokensSampledAtMost">Upper bound of sampled tokens.</param>
/// <param name="TokensTrained">Expected tokens of training, over all epochs.</param>
/// <param name="TokensTrainedAtMost">Upper bound of tokens of training.</param>
/// <param name="Ratings">Upper bound of requests to judges; absent without a judge.</param>
/// <param name="JudgeTokens">Tokens of judges with a model of their own; absent without one.</param>
/// <param name="JudgeUsd">Their cost in US dollars; absent if one has no prices.</param>
/// <param name="TokensInAll">Tokens of all calls of a hosted model; absent with the embedded model.</param>
/// <param name="Usd">Their cost in US dollars; absent without prices.</param>
/// <param name="JournalBytes">Growth of the journal; absent with a hosted model.</param>
/// <param name="BlobBytes">Growth of the blobs; absent with a hosted model.</param>
/// <param name="BaseModelSeconds">Time to train the base model; absent with a hosted model.</param>
/// <param name="Seconds">Time of the run; absent with a hosted model.</param>
/// <param name="SecondsInAll">Time of the run with the training of a missing base model; absent with a hosted model.</param>
/// <param name="SecondsFrom">What the time was estimated from; absent with a hosted model.</param>
/// <param name="Power">What the first primary test can show, in words; absent if no primary test can be forecast.</param>
internal sealed record DryRunOutput(
    string Run,
    int Variants,
    int Replicates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Charters,
    long Instances,
    long Cycles,
    long Rounds,
    long Answers,
    long Reflections,
    long Insights,
    long InsightsAtMost,
    long Probes,
    long ScoringsAtMost,
    long Embeddings,
    long TrainingsAtMost,
    long TokensSampled,
    long TokensSampledAtMost,
    long TokensTrained,
    long TokensTrainedAtMost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Ratings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? JudgeTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? JudgeUsd,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? TokensInAll,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? Usd,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? JournalBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? BlobBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? BaseModelSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BoundsOutput? SecondsInAll,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SecondsFrom,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Power
) : OutputDocument
{
    public static DryRunOutput Of(Experiment experiment, Forecast? forecast, PowerLine? power)
    {
        var (m, plan, hosted) = (experiment.Size, experiment.Plan(default, origin: null), experiment.Model as OpenAiModel);
        var work = Workload.Of(plan);
        if (experiment.Model is DistributionModel distribution)
            work = work.Of(distribution, plan);
        var trainedAtMost = hosted is null ? work.TrainedAtMost : Workload.TrainedOutsideAtMost(plan);
        (TokenUse Least, TokenUse Most)? costs = hosted is null ? null : HostedCosts.Of(experiment, hosted);
        var judges = JudgeCosts.Of(experiment);
        var own = judges.Where(j => j.Model is not null).ToArray();
        double Usd(TokenUse use, JudgeCosts judge) => (double)UsageMeter.CostOf(use, judge.PricesIn(experiment)).Usd;
        return new(
            experiment.RunId,
            experiment.Variants.Length,
            experiment.Replicates,
            experiment.Charters.IsEmpty ? null : experiment.Charters.Length,
            m.Instances,
            m.Cycles,
            m.Rounds,
            m.Answers,
            m.Reflections,
            Whole(work.Insights),
            m.InsightsAtMost,
            m.Probes,
            Whole(work.Scorings),
            Whole(work.Embeddings),
            m.TrainingsAtMost,
            Whole(work.Sampled),
            Whole(work.SampledAtMost),
            Whole(Math.Min(work.Trained, trainedAtMost)),
            Whole(trainedAtMost),
            judges.IsEmpty ? null : Whole(judges.Sum(j => j.Calls)),
            own.Length == 0 ? null : BoundsOutput.Of(new(own.Sum(j => (double)j.Least.Total), own.Sum(j => (double)j.Most.Total))),
            own.Length == 0 || own.Any(j => j.PricesIn(experiment) is null)
                ? null
                : BoundsOutput.Of(new(own.Sum(j => Usd(j.Least, j)), own.Sum(j => Usd(j.Most, j))), decimals: 6),
            costs is var (least, most) ? BoundsOutput.Of(new(least.Total, most.Total)) : null,
            costs is var (low, high) && hosted?.Prices is { } prices
                ? BoundsOutput.Of(new((double)UsageMeter.CostOf(low, prices).Usd, (double)UsageMeter.CostOf(high, prices).Usd), decimals: 6)
                : null,
            BoundsOutput.Of(forecast?.JournalBytes),
            BoundsOutput.Of(forecast?.BlobBytes),
            BoundsOutput.Of(forecast?.BaseSeconds),
            BoundsOutput.Of(forecast?.Seconds),
            BoundsOutput.Of(forecast?.SecondsInAll),
            forecast?.From,
            power?.ToString()
        );
    }

    private static long Whole(double value) => (long)Math.Round(value);
}

/// <summary>An interval.</summary>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
internal sealed record BoundsOutput(double Low, double High)
{
    public static BoundsOutput? Of(Bounds? bounds, int decimals = 1) =>
        bounds is { } b ? new(Math.Round(b.Low, decimals), Math.Round(b.High, decimals)) : null;
}
