using System.ClientModel;
using System.Net.Http.Headers;
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
    private const string Jobs = "fine_tuning/jobs";

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
        // An experiment with such a budget is refused; a fork can still bring here a plan that was made for a command.
        if (order.Length is not null)
            throw new ProviderException(
                "The fine-tuning API counts only in epochs, and this training was planned with a budget of "
                    + $"{order.Length.Amount} {order.Length.Unit.ToString().ToLowerInvariant()}."
            )
            {
                ForGood = true,
            };
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
        return Read(() => OpenAiJobReplies.Id(answer.ToMemory()), order.Model);
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
            var answer = await server.CallAsync(
                new OpenAiCall("POST", Jobs) { Body = body, Turns = OpenAiTurns.WhereTurnedAway },
                cancellationToken
            );
            return new Submission.Made(Read(() => OpenAiJobReplies.Id(answer.ToMemory()), order.Model));
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
        var answer = await CallAsync(key, new OpenAiCall("GET", $"{Jobs}/{Uri.EscapeDataString(job)}"), cancellationToken);
        return Read(() => OpenAiJobReplies.Look(answer.ToMemory(), job), key);
    }

    private async Task<string?> ListedAsync(string key, string file, CancellationToken cancellationToken)
    {
        var after = "";
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await CallAsync(
                key,
                new OpenAiCall("GET", Jobs)
                {
                    Query = $"limit={PageSize}{(after.Length > 0 ? $"&after={Uri.EscapeDataString(after)}" : "")}",
                },
                cancellationToken
            );
            var listed = Read(() => OpenAiJobReplies.Page(answer.ToMemory(), key, file), key);
            if (listed.Ours is not null || !listed.HasMore)
                return listed.Ours;
            after = listed.Last;
        }

        throw server.Failure(key, $"it lists more than {PageSize * MostPages} jobs, and the job is not among the newest", forGood: true);
    }

    // A missing file counts as deleted. If the server has no endpoint to delete files, the file can still be read.
    private async Task<bool> RevokedAsync(string key, string file, CancellationToken cancellationToken)
    {
        var path = $"files/{Uri.EscapeDataString(file)}";
        if (
            await TriedAsync(new OpenAiCall("DELETE", path), key, cancellationToken) is { } answer
            && Read(() => OpenAiJobReplies.IsDeleted(answer.ToMemory()), key)
        )
            return true;
        return await TriedAsync(new OpenAiCall("GET", path), key, cancellationToken) is null;
    }

    // Null if the server says that there is no such resource.
    private async Task<BinaryData?> TriedAsync(OpenAiCall call, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(key, call, cancellationToken);
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

    private T Read<T>(Func<T> read, string model)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw server.Failure(model, $"its answer is not what OpenAI's API describes: {e.Message}");
        }
    }
}
