using System.ClientModel;
using System.Net.Http.Headers;
using System.Text.Json;
using AiMe.Models.Jobs;

namespace AiMe.Models.OpenAi;

/// <summary>The fine-tuning API: files, jobs, and the search for a job whose submission had no answer.</summary>
/// <param name="multiplier">Multiplier of the server's own learning rate; null leaves it to the server.</param>
/// <param name="batch">Examples in a step; null leaves it to the server.</param>
/// <remarks>
/// A job is ours if it has the key in its metadata, or uses the file that was uploaded for it alone: servers without
/// metadata keep the file's id. If none is listed, the file is deleted and, after a moment, the list is read again: a
/// submission in flight can then no longer succeed, because its training file is gone.
/// </remarks>
public sealed class OpenAiJobs(OpenAiServer server, double? multiplier, int? batch, TimeProvider time) : ITrainingJobs
{
    private const string Jobs = "fine_tuning/jobs",
        KeyName = "aime_key";

    private const int PageSize = 100,
        MostPages = 100;

    /// <summary>
    /// Pause between the deletion of a file and the second reading of the list: longer than a server takes for a
    /// request in flight.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task<string> PrepareAsync(
        JobOrder order,
        int attempt,
        string held,
        ReadOnlyMemory<byte> dataset,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(order);
        if (held.Length > 0)
            return held;
        using var form = new MultipartFormDataContent($"----{order.Key}");
        using var purpose = new StringContent("fine-tune");
        using var file = new ReadOnlyMemoryContent(dataset);
        purpose.Headers.ContentType = null;
        file.Headers.ContentType = new MediaTypeHeaderValue("application/jsonl");
        form.Add(purpose, "purpose");
        form.Add(file, "file", $"{order.Key}.jsonl");
        var body = BinaryData.FromBytes(await form.ReadAsByteArrayAsync(cancellationToken));
        var answer = await CallAsync(
            order.Model,
            new OpenAiCall("POST", "files") { Body = body, Type = form.Headers.ContentType!.ToString() },
            cancellationToken
        );
        return IdOf(answer, order.Model);
    }

    /// <inheritdoc />
    /// <remarks>
    /// The cost is estimated and counted at submission, because the process may not be running when the actual figure
    /// arrives. Only a request that the server certainly refused (429) is retried, because the package's own retries
    /// would submit twice.
    /// </remarks>
    public async Task<Submission> SubmitAsync(JobOrder order, string data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var body = OpenAiRequest.Job(order, data, multiplier, batch);
        using var metered = await server.MeterAsync(new TokenUse(Trained: order.Tokens), cancellationToken);
        try
        {
            return new Submission.Made(
                IdOf(
                    await server.CallAsync(
                        new OpenAiCall("POST", Jobs) { Body = body, Turns = OpenAiTurns.WhereTurnedAway },
                        cancellationToken
                    ),
                    order.Model
                )
            );
        }
        catch (ProviderException said)
        {
            return new Submission.Unclear(said.Message); // an answer without an id may still mean that there is a job
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            var why = server.Translate(e, order.Model, cancellationToken);
            if (why is not ProviderException)
                throw why;
            if (!OpenAiFailures.MadeNothing(e))
                return new Submission.Unclear(why.Message);
            metered.CameToNothing();
            return new Submission.Refused(why.Message, OpenAiFailures.IsForGood(e));
        }
    }

    /// <inheritdoc />
    public async Task<JobSearch> FindAsync(string key, string data, CancellationToken cancellationToken)
    {
        try
        {
            if (await ListedAsync(key, data, cancellationToken) is { } job)
                return new JobSearch.Found(job);
            if (data.Length == 0 || !await RevokedAsync(key, data, cancellationToken))
                return new JobSearch.Unknowable(
                    $"{server.Options.BaseUrl} lists no such job, but does not allow deleting a file, so that a "
                        + "submission in flight could still make one"
                );
            await Task.Delay(Settling, time, cancellationToken);
            return await ListedAsync(key, data, cancellationToken) is { } late ? new JobSearch.Found(late) : new JobSearch.Absent();
        }
        catch (ProviderException refused) when (refused.ForGood)
        {
            return new JobSearch.Unknowable($"{server.Options.BaseUrl} does not list its jobs ({refused.Message})");
        }
    }

    /// <inheritdoc />
    public async Task<JobLook> LookAsync(string key, string job, CancellationToken cancellationToken)
    {
        using var document = Read(
            await CallAsync(key, new OpenAiCall("GET", $"{Jobs}/{Uri.EscapeDataString(job)}"), cancellationToken),
            key
        );
        var root = document.RootElement;
        return OpenAiJson.Find(root, "status")?.ToString() switch
        {
            "succeeded" when OpenAiJson.Text(root, "fine_tuned_model", "fine_tuned_model") is { Length: > 0 } model => new JobLook.Done(
                model,
                OpenAiJson.Count(root, "trained_tokens")
            ),
            "succeeded" => new JobLook.JobEnded($"the job {job} succeeded but names no model"),
            "failed" => new JobLook.JobEnded($"the job {job} failed{Reason(root)}"),
            "cancelled" => new JobLook.JobEnded($"the job {job} was cancelled at the server"),
            _ => new JobLook.UnderWay(), // also for statuses that only this server has
        };
    }

    private static string Reason(JsonElement job) =>
        OpenAiJson.Find(job, "error") is { } error && OpenAiJson.Find(error, "message") is { ValueKind: JsonValueKind.String } said
            ? $": {said.GetString()}"
            : ", and the server does not say why";

    private async Task<string?> ListedAsync(string key, string file, CancellationToken cancellationToken)
    {
        var after = "";
        for (var page = 0; page < MostPages; page++)
        {
            using var document = Read(
                await CallAsync(
                    key,
                    new OpenAiCall("GET", Jobs)
                    {
                        Query = $"limit={PageSize}{(after.Length > 0 ? $"&after={Uri.EscapeDataString(after)}" : "")}",
                    },
                    cancellationToken
                ),
                key
            );
            var jobs = Listed(document.RootElement, key);
            foreach (var job in jobs)
            {
                after = OpenAiJson.Text(job, "id", "data.id") ?? "";
                if (IsOurs(job, key, file))
                    return after;
            }

            if (jobs.Length == 0 || OpenAiJson.Find(document.RootElement, "has_more") is not { ValueKind: JsonValueKind.True })
                return null;
        }

        throw server.Failure(key, $"it lists more than {PageSize * MostPages} jobs, and the job is not among the newest", forGood: true);
    }

    private JsonElement[] Listed(JsonElement page, string key)
    {
        try
        {
            return [.. OpenAiJson.Need(page, "data", JsonValueKind.Array, "data").EnumerateArray()];
        }
        catch (FormatException e)
        {
            throw server.Failure(key, $"its list of jobs cannot be read: {e.Message}");
        }
    }

    private static bool IsOurs(JsonElement job, string key, string file) =>
        OpenAiJson.Find(job, "metadata") is { } metadata && OpenAiJson.Find(metadata, KeyName)?.ToString() == key
        || file.Length > 0 && OpenAiJson.Find(job, "training_file")?.ToString() == file;

    // A missing file counts as deleted. If the server has no endpoint to delete files, the file can still be read.
    private async Task<bool> RevokedAsync(string key, string file, CancellationToken cancellationToken)
    {
        var path = $"files/{Uri.EscapeDataString(file)}";
        if (
            await TriedAsync(new OpenAiCall("DELETE", path), key, cancellationToken) is { } answer
            && OpenAiJson.Find(answer.RootElement, "deleted") is { ValueKind: JsonValueKind.True }
        )
            return true;
        return await TriedAsync(new OpenAiCall("GET", path), key, cancellationToken) is null;
    }

    // Null if the server says that there is no such resource.
    private async Task<JsonDocument?> TriedAsync(OpenAiCall call, string key, CancellationToken cancellationToken)
    {
        try
        {
            return Read(await CallAsync(key, call, cancellationToken), key);
        }
        catch (ProviderException refused) when (refused.ForGood)
        {
            return null;
        }
    }

    private async Task<BinaryData> CallAsync(string model, OpenAiCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await server.CallAsync(call, cancellationToken);
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            throw server.Translate(e, model, cancellationToken);
        }
    }

    private JsonDocument Read(BinaryData json, string model)
    {
        try
        {
            return OpenAiJson.Parse(json.ToMemory());
        }
        catch (FormatException e)
        {
            throw server.Failure(model, $"its answer is not what OpenAI's API describes: {e.Message}");
        }
    }

    private string IdOf(BinaryData json, string model)
    {
        using var document = Read(json, model);
        try
        {
            return OpenAiJson.Text(document.RootElement, "id", "id") is { Length: > 0 } id
                ? id
                : throw new FormatException("id is missing");
        }
        catch (FormatException e)
        {
            throw server.Failure(model, $"its answer is not what OpenAI's API describes: {e.Message}");
        }
    }
}
