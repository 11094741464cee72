using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Files and fine-tuning jobs behind an <see cref="OpenAiStub"/>. It makes a job for every submission that it carries out: to submit once is not its duty.</summary>
public sealed class FineTuningStub
{
    private int _submissions;

    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Job> _jobs = [];
    private int _ids;

    /// <summary>A job as the server knows it.</summary>
    public sealed record Job(string Id, string File, string Key, string Model, string Request)
    {
        public string Status { get; set; } = "succeeded";

        public int Looks { get; set; }
    }

    /// <summary>What becomes of the n-th submission, from 1, before it is carried out; true where it is answered for already.</summary>
    public Func<int, HttpContext, Task<bool>> BeforeSubmission { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>The same after it was carried out.</summary>
    public Func<int, HttpContext, Task<bool>> AfterSubmission { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Of a look at a job.</summary>
    public Func<Job, string> Status { get; set; } = job => job.Status;

    public bool Lists { get; set; } = true;

    public bool Deletes { get; set; } = true;

    /// <summary>Whether jobs are listed with their metadata.</summary>
    public bool KeepsMetadata { get; set; } = true;

    public int Submissions => Volatile.Read(ref _submissions);

    public IReadOnlyCollection<Job> Jobs => _jobs;

    public IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>A job that is not ours.</summary>
    public void Foreign(int jobs)
    {
        for (var i = 0; i < jobs; i++)
            _jobs.Enqueue(new Job($"ftjob-foreign-{i}", $"file-foreign-{i}", "", "m", "{}"));
    }

    public async Task AnswerAsync(HttpContext context, Asked asked)
    {
        var (path, method) = (asked.Path[(asked.Path.IndexOf("/v1/", StringComparison.Ordinal) + 4)..].Split('/'), context.Request.Method);
        await (
            (method, path) switch
            {
                ("POST", ["files"]) => UploadAsync(context, asked),
                ("DELETE", ["files", var id]) => Deletes
                    ? OpenAiStub.JsonAsync(
                        context,
                        $$"""{"id":"{{id}}","object":"file","deleted":{{(_files.TryRemove(id, out _) ? "true" : "false")}} }"""
                    )
                    : OpenAiStub.JsonAsync(context, "{}", 405),
                ("GET", ["files", var id]) => _files.ContainsKey(id)
                    ? OpenAiStub.JsonAsync(context, $$"""{"id":"{{id}}"}""")
                    : OpenAiStub.JsonAsync(context, "{}", 404),
                ("POST", ["fine_tuning", "jobs"]) => SubmitAsync(context, asked),
                ("GET", ["fine_tuning", "jobs"]) => Lists ? ListAsync(context) : OpenAiStub.JsonAsync(context, "{}", 404),
                ("GET", ["fine_tuning", "jobs", var id]) => LookAsync(context, id),
                _ => OpenAiStub.Well(context, asked),
            }
        );
    }

    private Task UploadAsync(HttpContext context, Asked asked)
    {
        var id = $"file-{Interlocked.Increment(ref _ids)}";
        _files[id] = asked.Text;
        return OpenAiStub.JsonAsync(
            context,
            $$"""{"id":"{{id}}","object":"file","bytes":1,"created_at":1,"filename":"f","purpose":"fine-tune","status":"processed"}"""
        );
    }

    private async Task SubmitAsync(HttpContext context, Asked asked)
    {
        var n = Interlocked.Increment(ref _submissions); // two instances may submit at once
        if (await BeforeSubmission(n, context))
            return;
        var file = asked.Json.GetProperty("training_file").GetString()!;
        if (!_files.ContainsKey(file))
        {
            await OpenAiStub.JsonAsync(context, """{"error":{"message":"no such training file"}}""", 400);
            return;
        }

        Job job = new(
            $"ftjob-{Interlocked.Increment(ref _ids)}",
            file,
            asked.Json.GetProperty("metadata").GetProperty("aime_key").GetString()!,
            asked.Json.GetProperty("model").GetString()!,
            asked.Text
        );
        _jobs.Enqueue(job);
        if (!await AfterSubmission(n, context))
            await OpenAiStub.JsonAsync(context, Text(job));
    }

    // Newest first, as OpenAI does.
    private Task ListAsync(HttpContext context)
    {
        var limit = int.Parse(context.Request.Query["limit"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var all = _jobs.Reverse().ToList();
        var after = context.Request.Query["after"].ToString();
        var from = after.Length == 0 ? 0 : all.FindIndex(j => j.Id == after) + 1;
        return OpenAiStub.JsonAsync(
            context,
            $$"""{"object":"list","data":[{{string.Join(',', all.Skip(from).Take(limit).Select(Text))}}],"has_more":{{(all.Count > from + limit ? "true" : "false")}} }"""
        );
    }

    private Task LookAsync(HttpContext context, string id)
    {
        if (_jobs.FirstOrDefault(j => j.Id == id) is not { } job)
            return OpenAiStub.JsonAsync(context, """{"error":{"message":"no such job"}}""", 404);
        job.Looks++;
        job.Status = Status(job);
        return OpenAiStub.JsonAsync(context, Text(job));
    }

    private string Text(Job job) =>
        $$"""
            {"id":"{{job.Id}}","object":"fine_tuning.job","model":"{{job.Model}}","created_at":1,"finished_at":null,"status":"{{job.Status}}","training_file":"{{job.File}}","trained_tokens":{{(
                job.Status == "succeeded" ? "640" : "null"
            )}},
            "fine_tuned_model":{{(job.Status == "succeeded" ? $"\"ft:{job.Model}:{job.Id}\"" : "null")}},"error":{{(
                job.Status == "failed" ? """{"code":"x","message":"too few examples","param":null}""" : "null"
            )}},
            "metadata":{{(KeepsMetadata ? JsonSerializer.Serialize(new Dictionary<string, string> { ["aime_key"] = job.Key }) : "null")}} }
            """;
}
