using System.Text.Json;
using AiMe.Models.Jobs;

namespace AiMe.Models.OpenAi;

/// <summary>Reads the answers about files and fine-tuning jobs. Each throws FormatException for another answer.</summary>
internal static class OpenAiJobReplies
{
    private const string KeyName = "aime_key";

    private const long MostTrained = 1_000_000_000_000;

    /// <summary>One page of the list of jobs.</summary>
    /// <param name="Ours">Id of the job that was looked for; null if it is not on the page.</param>
    /// <param name="Last">Id of the last job; the next page follows it.</param>
    public readonly record struct JobPage(string? Ours, string Last, bool HasMore);

    /// <summary>The id of a new file or job.</summary>
    public static string Id(ReadOnlyMemory<byte> json)
    {
        using var document = OpenAiJson.Parse(json);
        return OpenAiJson.Text(document.RootElement, "id", "id") is { Length: > 0 } id ? id : throw new FormatException("id is missing");
    }

    /// <summary>Whether a file is deleted.</summary>
    public static bool IsDeleted(ReadOnlyMemory<byte> json)
    {
        using var document = OpenAiJson.Parse(json);
        return OpenAiJson.Find(document.RootElement, "deleted") is { ValueKind: JsonValueKind.True };
    }

    /// <summary>The state of a job.</summary>
    public static JobLook Look(ReadOnlyMemory<byte> json, string job)
    {
        using var document = OpenAiJson.Parse(json);
        var root = document.RootElement;
        OpenAiJson.MustBe(root, JsonValueKind.Object, "the answer");
        return OpenAiJson.Text(root, "status", "status") switch
        {
            "succeeded" when OpenAiJson.Text(root, "fine_tuned_model", "fine_tuned_model") is { Length: > 0 } model => new JobLook.Done(
                model,
                OpenAiJson.Count(root, "trained_tokens", MostTrained)
            ),
            "succeeded" => new JobLook.JobEnded($"the job {job} succeeded but names no model"),
            "failed" => new JobLook.JobEnded($"the job {job} failed{Reason(root)}"),
            "cancelled" => new JobLook.JobEnded($"the job {job} was cancelled at the server"),
            _ => new JobLook.UnderWay(), // also for statuses that only this server has
        };
    }

    /// <summary>A page of the list, and the job on it that has a key or a file.</summary>
    public static JobPage Page(ReadOnlyMemory<byte> json, string key, string file)
    {
        using var document = OpenAiJson.Parse(json);
        var last = "";
        foreach (var job in OpenAiJson.Need(document.RootElement, "data", JsonValueKind.Array, "data").EnumerateArray())
        {
            last = OpenAiJson.Text(job, "id", "data.id") ?? "";
            if (IsOurs(job, key, file))
                return last.Length > 0 ? new(last, last, HasMore: false) : throw new FormatException("data.id is missing");
        }

        return new(null, last, last.Length > 0 && OpenAiJson.Find(document.RootElement, "has_more") is { ValueKind: JsonValueKind.True });
    }

    private static string Reason(JsonElement job) =>
        OpenAiJson.Find(job, "error") is { } error && OpenAiJson.Find(error, "message") is { ValueKind: JsonValueKind.String } said
            ? $": {said.GetString()}"
            : ", and the server does not say why";

    private static bool IsOurs(JsonElement job, string key, string file) =>
        OpenAiJson.Find(job, "metadata") is { } metadata && OpenAiJson.Find(metadata, KeyName)?.ToString() == key
        || file.Length > 0 && OpenAiJson.Find(job, "training_file")?.ToString() == file;
}
