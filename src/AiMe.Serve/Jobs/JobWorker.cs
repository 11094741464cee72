using AiMe.Models;
using AiMe.Serve.Http;
using AiMe.Serve.Models;

namespace AiMe.Serve.Jobs;

/// <summary>Trains the jobs, one at a time.</summary>
/// <remarks>
/// A job that a stop or a kill interrupted is trained again from its start. Its data, start, seed and length are fixed, so that it
/// gives the same checkpoint: no job has two results.
/// </remarks>
internal sealed class JobWorker(JobShelf jobs, ModelCatalog models, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (string Id, CancellationTokenSource Cancelled)? _running;

    /// <summary>Trains until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var id in jobs.Waiting.ReadAllAsync(stop))
                await TrainOneAsync(id, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The job is continued by the next start.
        }
    }

    // A full disk fails the job that meets it, and not those after it. The next start of the server trains it again.
    private async Task TrainOneAsync(string id, CancellationToken stop)
    {
        try
        {
            await TrainAsync(id, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(
                $"The job {id} could not be written: {e.Message} The next start of the server continues it."
            );
        }
    }

    /// <summary>Cancels a job.</summary>
    /// <exception cref="ApiException">It has ended.</exception>
    public async Task<TuningJob> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var job = await jobs.ChangeAsync(
            id,
            j =>
                j.IsEnded()
                    ? throw ApiException.Invalid($"Job {id} has already ended: it is {j.Status}.", code: "job_has_ended")
                    : j.Become(TuningStatus.Cancelled, "The job was cancelled.", Now()),
            cancellationToken
        );
        lock (_lock)
        {
            if (_running is { } running && running.Id == id)
                running.Cancelled.Cancel();
        }

        return job;
    }

    /// <summary>The model of a job that succeeded, if its family is served.</summary>
    public static ServedModel? ModelOf(TuningJob job, ModelCatalog models) =>
        job.Result is { } result && models.FamilyOf(job.Order.Generation0) is { } family
            ? new ServedModel(result.Name, result.Checkpoint, family, job.FinishedAt ?? job.CreatedAt)
            {
                Owner = "user",
                Parent = job.Order.Model,
            }
            : null;

    private async Task TrainAsync(string id, CancellationToken stop)
    {
        // Stays as it is until a server that has its model is started.
        if (jobs.Need(id) is var waiting && (waiting.IsEnded() || models.FamilyOf(waiting.Order.Generation0) is null))
            return;
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Running((id, cancelled));
        try
        {
            var family = models.FamilyOf(waiting.Order.Generation0)!;
            var data = TuningData.Read(await jobs.DataAsync(waiting, cancelled.Token), waiting.Order.Method);
            await AdvanceAsync(TuningStatus.Queued, "Files validated, moving job to queued state", cancelled.Token);
            await AdvanceAsync(TuningStatus.Running, "Fine-tuning job started", cancelled.Token);
            if (jobs.Need(id).IsEnded())
                return;
            // Kept with the job, not with the request: on a thread of its own, since it computes for long.
            var trained = await Task
                .Factory.StartNew(
                    () => family.TrainAsync(Of(waiting.Order, data), cancelled.Token),
                    cancelled.Token,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .Unwrap();
            await EndAsync(id, trained, stop);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // Its state says so already.
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Also one that nobody expected: the job says so, and those after it are trained.
            var code = e is ProviderException ? "training_failed" : (e as ApiException)?.Code ?? "server_error";
            var error = new TuningError(code, e.Message, (e as ApiException)?.Parameter);
            await jobs.ChangeAsync(
                id,
                j => j.IsEnded() ? null : j.Become(TuningStatus.Failed, e.Message, Now(), "error") with { Error = error },
                stop
            );
        }
        finally
        {
            Running(null);
        }

        async Task AdvanceAsync(string status, string says, CancellationToken token) =>
            await jobs.ChangeAsync(id, j => j.IsEnded() || j.Status == TuningStatus.Running ? null : j.Become(status, says, Now()), token);
    }

    private async Task EndAsync(string id, FineTuned trained, CancellationToken stop)
    {
        var job = await jobs.ChangeAsync(
            id,
            j =>
            {
                if (j.IsEnded())
                    return null;
                var (steps, loss) = (trained.Losses.Count, trained.Losses.Count > 0 ? trained.Losses[^1] : 0);
                var name = $"ft:{j.Order.Root}:aime:{j.Order.Suffix}:{id["ftjob-".Length..][..8]}";
                var at = Now();
                var ended = j.Become(TuningStatus.Succeeded, "The job has successfully completed", at);
                return ended with
                {
                    Result = new TuningResult(name, trained.Model, trained.Tokens, steps, loss),
                    Events =
                    [
                        .. j.Events,
                        new(at, "info", FormattableString.Invariant($"Step {steps}/{steps}: training loss={loss:0.0000}")),
                        new(at, "info", $"New fine-tuned model created: {name}"),
                        ended.Events[^1],
                    ],
                };
            },
            stop
        );
        if (ModelOf(job, models) is { } model)
            models.AddTuned(model);
    }

    private static FineTuningJob Of(TuningOrder order, TuningData data) =>
        new(order.Checkpoint, data.Examples, order.Epochs, order.LearningRate, unchecked((ulong)order.Seed))
        {
            Adapter = order is { Rank: { } rank, Alpha: { } alpha } ? new AdapterSize(rank, alpha) : null,
            Preferences = order.Method == TuningOrder.Dpo ? new Preferences(data.Rejected, order.Beta) : null,
        };

    private void Running((string Id, CancellationTokenSource Cancelled)? job)
    {
        lock (_lock)
            _running = job;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();
}
