using System.Collections.Concurrent;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using AiMe.Models.Jobs;
using AiMe.Models.OpenAi;

namespace AiMe.Effects;

/// <summary>
/// Executes training plans as external jobs: each job effect becomes one call to its trainer, and the answer a command.
/// </summary>
/// <param name="trainers">The training jobs of a backend.</param>
/// <param name="run">Run id: part of every job's key.</param>
internal sealed class TrainingJobRunner(Func<ExternalTraining, ITrainingJobs> trainers, IBlobs blobs, string run, TimeProvider time)
{
    /// <summary>
    /// A wait is interrupted and resumed this often, so that a run that is to stop does not wait for a long job.
    /// </summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    /// <summary>Interval between two polls of a job: short at first, then increasing.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1),
        Latest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes of a line of the training set, its JSON included, per token: about the value of OpenAI's tokenizers for
    /// English.
    /// </summary>
    private const int BytesPerToken = 4;

    private readonly ConcurrentDictionary<string, JobWatch> _watches = new(StringComparer.Ordinal);

    /// <summary>The result of an instance's effect.</summary>
    public async Task<Command> RunAsync(string instance, JobEffect effect, CancellationToken cancellationToken)
    {
        var (key, trainer) = (JobKey.Of(run, instance, effect.Plan), trainers(effect.By));
        return effect switch
        {
            PrepareJob e => await PrepareAsync(Order(instance, key, e.Plan), e, trainer, cancellationToken),
            FindJob e when e.JobKey != key => new JobOfAnother(e.Plan.Round, e.JobKey), // copied from a parent
            AwaitJob e when e.JobKey != key => new JobOfAnother(e.Plan.Round, e.JobKey),
            SubmitJob e => await SubmitAsync(Order(instance, e.JobKey, e.Plan), e, trainer, cancellationToken),
            FindJob e => await FindAsync(e, trainer, cancellationToken),
            AwaitJob e => await AwaitAsync(e, trainer, cancellationToken),
            _ => throw new UnreachableException($"no handler for the effect {effect.GetType().Name}"),
        };
    }

    /// <summary>
    /// Evaluates a job's model. The job cost money, so a busy server, or one that has not loaded the model yet
    /// (OpenAI's may take minutes), is retried.
    /// </summary>
    public async Task<Command> MeasureAsync(TrainingRunner training, EvaluateModel e, CancellationToken cancellationToken)
    {
        try
        {
            await PauseAsync(e.Try, cancellationToken);
            return await training.MeasureAsync(e, cancellationToken);
        }
        catch (ProviderException failure)
        {
            return new JobAskingFailed(e.Round, e.Try, failure.Message);
        }
    }

    // Pauses after a failure, but not before the first attempt, nor after a user has resumed the instance.
    private Task PauseAsync(int attempt, CancellationToken cancellationToken) =>
        ((attempt - 1) % JobDecider.Attempts) switch
        {
            0 => Task.CompletedTask,
            1 => Task.Delay(Latest / 3, time, cancellationToken),
            _ => Task.Delay(Latest, time, cancellationToken),
        };

    private JobOrder Order(string instance, string key, TrainingPlan plan) =>
        new(key, plan.Start.Value, plan.Epochs, plan.LearningRate, plan.Seed.Value, run, instance, plan.Round)
        {
            Length = TrainingRunner.LengthOf(plan.Budget),
        };

    private async Task<Command> PrepareAsync(JobOrder order, PrepareJob e, ITrainingJobs trainer, CancellationToken cancellationToken)
    {
        try
        {
            var examples = await Datasets.ReadAsync(blobs, e.Plan.Parts, cancellationToken);
            return new JobPrepared(
                order.Round,
                e.Attempt,
                order.Key,
                await trainer.PrepareAsync(order, e.Attempt, e.Data, OpenAiDataset.Write(examples), cancellationToken)
            );
        }
        catch (ProviderException failure)
        {
            return failure.ForGood
                ? new TrainingFailed(order.Round, failure.Message)
                : new JobAskingFailed(order.Round, e.Try, failure.Message);
        }
    }

    private async Task<Command> SubmitAsync(JobOrder order, SubmitJob e, ITrainingJobs trainer, CancellationToken cancellationToken)
    {
        var dataset = OpenAiDataset.Write(await Datasets.ReadAsync(blobs, e.Plan.Parts, cancellationToken));
        return await trainer.SubmitAsync(
            order with
            {
                Tokens = dataset.Length / BytesPerToken * (long)order.Epochs,
            },
            e.Data,
            cancellationToken
        ) switch
        {
            Submission.Made made => new JobSubmitted(order.Round, order.Key, made.Job),
            Submission.Refused refused => new JobRefused(order.Round, e.Attempt, refused.Why, refused.ForGood),
            Submission.Unclear unclear => new SubmissionLost(order.Round, e.Attempt, unclear.Why),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<Command> FindAsync(FindJob e, ITrainingJobs trainer, CancellationToken cancellationToken)
    {
        try
        {
            return await trainer.FindAsync(e.JobKey, e.Data, cancellationToken) switch
            {
                JobSearch.Found found => new JobSubmitted(e.Plan.Round, e.JobKey, found.Job),
                JobSearch.Absent => new JobAbsent(e.Plan.Round, e.Attempt),
                JobSearch.Unknowable unknowable => new JobUnknowable(e.Plan.Round, e.Attempt, ToAPerson(e.JobKey, unknowable.Why)),
                _ => throw new UnreachableException(),
            };
        }
        catch (ProviderException failure)
        {
            return new JobAskingFailed(e.Plan.Round, e.Try, failure.Message);
        }
    }

    private async Task<Command> AwaitAsync(AwaitJob e, ITrainingJobs trainer, CancellationToken cancellationToken)
    {
        var watch = _watches.GetOrAdd(e.JobKey, _ => new JobWatch(TimeSpan.Zero, time.GetTimestamp()));
        var left = watch.Wait - time.GetElapsedTime(watch.Since);
        if (left > TimeSpan.Zero)
            await Task.Delay(left < Slice ? left : Slice, time, cancellationToken);
        if (left > Slice)
            return new JobUnderWay(e.Plan.Round, e.JobKey, e.Look);
        try
        {
            var look = await trainer.LookAsync(e.JobKey, e.Job, cancellationToken);
            _watches[e.JobKey] = new JobWatch(Longer(watch.Wait), time.GetTimestamp());
            return await ResultAsync(e, look, cancellationToken);
        }
        catch (ProviderException failure)
        {
            _watches[e.JobKey] = new JobWatch(Longer(watch.Wait), time.GetTimestamp());
            return failure.ForGood
                ? new TrainingFailed(e.Plan.Round, failure.Message)
                : new JobAskingFailed(e.Plan.Round, e.Try, failure.Message);
        }
    }

    private async Task<Command> ResultAsync(AwaitJob e, JobLook look, CancellationToken cancellationToken) =>
        look switch
        {
            JobLook.UnderWay => new JobUnderWay(e.Plan.Round, e.JobKey, e.Look),
            JobLook.JobEnded ended => new TrainingFailed(e.Plan.Round, $"The training job {e.JobKey} made no model: {ended.Why}."),
            // A figure that the trainer does not report is unknown, and is not estimated.
            JobLook.Done done => new ModelTrained(
                e.Plan.Round,
                new ModelId(done.Model),
                new TrainingFigures(
                    (await Datasets.ReadAsync(blobs, e.Plan.Parts, cancellationToken)).Length,
                    done.Tokens ?? TrainingFigures.NotTold,
                    TrainingFigures.NotTold,
                    double.NaN,
                    double.NaN
                )
            ),
            _ => throw new UnreachableException(),
        };

    private static TimeSpan Longer(TimeSpan wait) =>
        wait == TimeSpan.Zero ? Soonest
        : wait + wait < Latest ? wait + wait
        : Latest;

    private static string ToAPerson(string key, string why) =>
        $"It is unknown whether the training job {key} was made, and cannot be determined: {why}. So the job is not submitted "
        + "again, and the round ends with the previous model. Search for the key at the trainer (in the job's metadata, "
        + "suffix or file name); if the job exists, cancel it or set its model by hand.";

    /// <param name="Wait">Until the next poll.</param>
    /// <param name="Since">Time of the last poll.</param>
    private sealed record JobWatch(TimeSpan Wait, long Since);
}
