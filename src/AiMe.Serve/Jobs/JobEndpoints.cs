using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiMe.Serve.Files;
using AiMe.Serve.Http;
using AiMe.Serve.Models;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Jobs;

/// <summary>The endpoints of <c>/v1/fine_tuning/jobs</c>.</summary>
internal sealed class JobEndpoints(
    JobShelf jobs,
    JobWorker worker,
    FileShelf files,
    ModelCatalog models,
    ServeOptions options,
    TimeProvider time
)
{
    private const string KeyHeader = "Idempotency-Key";

    private const int UsualListed = 20,
        MostListed = 100,
        LongestKey = 255;

    /// <summary>Makes a job. A request with a known key gives the job that the first one made.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        var members = await JsonBody.ReadAsync(context);
        var request = JobRequest.Read(members);
        var key = context.Request.Headers[KeyHeader].ToString() is { Length: > 0 } given ? given : null;
        if (key is { Length: > LongestKey })
            throw ApiException.Invalid($"{KeyHeader}: expected at most {LongestKey} characters.", code: "invalid_idempotency_key");
        var model = await models.NeedAsync(request.Model, context.RequestAborted);
        await files.Gate.WaitAsync(context.RequestAborted);
        TuningJob job;
        try
        {
            var data = await File.ReadAllBytesAsync(files.PathOf(Training(request)), context.RequestAborted);
            var digest = DigestOf(request, data);
            job = Known(key, digest)
                ?? await jobs.AddAsync(
                    Order(request, model, key, digest),
                    data,
                    time.GetUtcNow().ToUnixTimeSeconds(),
                    CancellationToken.None // once it is being kept, it is kept, though the client may leave
                );
        }
        finally
        {
            files.Gate.Release();
        }

        await JsonBody.WriteAsync(context, json => JobJson.Write(json, job));
    }

    /// <summary>Lists jobs, the newest first.</summary>
    public Task ListAsync(HttpContext context)
    {
        var wanted = context
            .Request.Query.Where(q => q.Key.StartsWith("metadata[", StringComparison.Ordinal) && q.Key.EndsWith(']'))
            .Select(q => (Name: q.Key["metadata[".Length..^1], Value: q.Value.ToString()))
            .ToArray();
        var all = jobs.All.Where(j => Array.TrueForAll(wanted, w => j.Order.Metadata.GetValueOrDefault(w.Name) == w.Value));
        var page = ListPage<TuningJob>.Of(context.Request, all, j => j.Id, UsualListed, MostListed);
        return JsonBody.WriteAsync(context, json => JsonBody.List(json, page, j => j.Id, JobJson.Write));
    }

    /// <summary>Describes a job.</summary>
    public Task GetAsync(HttpContext context, string id)
    {
        var job = jobs.Need(id);
        return JsonBody.WriteAsync(context, json => JobJson.Write(json, job));
    }

    /// <summary>Lists what happened to a job, the newest first.</summary>
    public Task EventsAsync(HttpContext context, string id)
    {
        var job = jobs.Need(id);
        var all = job.Events.Select((e, i) => (Id: $"ftevent-{id["ftjob-".Length..]}-{i}", Event: e)).Reverse();
        var page = ListPage<(string Id, TuningEvent Event)>.Of(context.Request, all, e => e.Id, UsualListed, MostListed);
        return JsonBody.WriteAsync(context, json => JsonBody.List(json, page, e => e.Id, (j, e) => JobJson.Event(j, e.Id, e.Event)));
    }

    /// <summary>Lists the checkpoints of a job: that of its last step.</summary>
    public Task CheckpointsAsync(HttpContext context, string id)
    {
        var job = jobs.Need(id);
        TuningJob[] all = job.Result is null ? [] : [job];
        var page = ListPage<TuningJob>.Of(context.Request, all, JobJson.CheckpointId, 10, MostListed);
        return JsonBody.WriteAsync(context, json => JsonBody.List(json, page, JobJson.CheckpointId, JobJson.Checkpoint));
    }

    /// <summary>Cancels a job.</summary>
    public async Task CancelAsync(HttpContext context, string id)
    {
        if (context.Request.ContentLength > 0)
            JsonBody.Require(context.Request);
        var job = await worker.CancelAsync(id, context.RequestAborted);
        await JsonBody.WriteAsync(context, json => JobJson.Write(json, job));
    }

    private StoredFile Training(JobRequest request)
    {
        try
        {
            return files.Need(request.TrainingFile);
        }
        catch (ApiException e)
        {
            throw ApiException.Invalid(e.Message, "training_file", "file_not_found");
        }
    }

    private TuningJob? Known(string? key, string digest)
    {
        if (key is null || jobs.All.FirstOrDefault(j => j.Order.IdempotencyKey == key) is not { } known)
            return null;
        return known.Order.Request == digest
            ? known
            : throw ApiException.Invalid(
                $"{KeyHeader} {key} was used for another request, which made {known.Id}.",
                code: "idempotency_key_reused"
            );
    }

    private TuningOrder Order(JobRequest request, ServedModel model, string? key, string digest) =>
        new(
            request.Model,
            RootOf(model),
            model.Checkpoint,
            model.Family.Generation0,
            request.TrainingFile,
            request.Method,
            request.Epochs,
            request.Multiplier,
            options.LearningRate * request.Multiplier,
            request.Beta,
            request.Seed ?? (long)(RandomId.Seed() >> 33),
            request.Suffix is { } suffix
                ? string.Concat(suffix.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'))
                : null,
            options.Adapter?.Rank,
            options.Adapter?.Alpha,
            request.Metadata,
            key,
            digest
        );

    private string RootOf(ServedModel model) => jobs.All.FirstOrDefault(j => j.Result?.Name == model.Id)?.Order.Root ?? model.Id;

    // By the data and not by their file: a client that begins again uploads them again.
    private static string DigestOf(JobRequest r, byte[] data)
    {
        string[] said =
        [
            FormattableString.Invariant($"{r.Method} {r.Epochs} {r.Multiplier:R} {r.Beta:R} {r.Seed}"),
            r.Model,
            Convert.ToHexStringLower(SHA256.HashData(data)),
            r.Suffix ?? "",
            .. r.Metadata.Select(m => $"{m.Key}\t{m.Value}"),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', said))));
    }
}
