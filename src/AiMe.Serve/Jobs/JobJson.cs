using System.Text.Json;
using AiMe.Serve.Http;

namespace AiMe.Serve.Jobs;

/// <summary>Jobs in OpenAI's shape.</summary>
internal static class JobJson
{
    /// <summary>A job.</summary>
    public static void Write(Utf8JsonWriter json, TuningJob job)
    {
        var order = job.Order;
        json.WriteString("id", job.Id);
        json.WriteString("object", "fine_tuning.job");
        json.WriteNumber("created_at", job.CreatedAt);
        if (job.Error is { } error)
        {
            json.WriteStartObject("error");
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            JsonBody.Text(json, "param", error.Param);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("error");
        }

        JsonBody.Text(json, "fine_tuned_model", job.Result?.Name);
        Number(json, "finished_at", job.FinishedAt);
        Hyperparameters(json, order, isDpo: false);
        json.WriteStartObject("method");
        json.WriteString("type", order.Method);
        json.WriteStartObject(order.Method);
        Hyperparameters(json, order, order.Method == TuningOrder.Dpo);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("model", order.Model);
        json.WriteString("organization_id", "aime");
        json.WriteStartArray("result_files");
        json.WriteEndArray();
        json.WriteNumber("seed", order.Seed);
        json.WriteString("status", job.Status);
        Number(json, "trained_tokens", job.Result?.Tokens);
        json.WriteString("training_file", order.TrainingFile);
        json.WriteNull("validation_file");
        json.WriteNull("estimated_finish");
        json.WriteStartArray("integrations");
        json.WriteEndArray();
        JsonBody.Text(json, "user_provided_suffix", order.Suffix);
        json.WriteStartObject("metadata");
        foreach (var (name, value) in order.Metadata)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>Something that happened to a job.</summary>
    public static void Event(Utf8JsonWriter json, string id, TuningEvent happened)
    {
        json.WriteString("id", id);
        json.WriteString("object", "fine_tuning.job.event");
        json.WriteNumber("created_at", happened.At);
        json.WriteString("level", happened.Level);
        json.WriteString("message", happened.Message);
        json.WriteString("type", "message");
        json.WriteStartObject("data");
        json.WriteEndObject();
    }

    /// <summary>The id of a job's checkpoint.</summary>
    public static string CheckpointId(TuningJob job) => $"ftckpt-{job.Id["ftjob-".Length..]}";

    /// <summary>The checkpoint of a job's last step.</summary>
    public static void Checkpoint(Utf8JsonWriter json, TuningJob job)
    {
        var result = job.Result!;
        json.WriteString("id", CheckpointId(job));
        json.WriteString("object", "fine_tuning.job.checkpoint");
        json.WriteNumber("created_at", job.FinishedAt ?? job.CreatedAt);
        json.WriteString("fine_tuned_model_checkpoint", result.Name);
        json.WriteString("fine_tuning_job_id", job.Id);
        json.WriteNumber("step_number", result.Steps);
        json.WriteStartObject("metrics");
        json.WriteNumber("step", result.Steps);
        json.WriteNumber("train_loss", result.Loss);
        json.WriteEndObject();
    }

    private static void Hyperparameters(Utf8JsonWriter json, TuningOrder order, bool isDpo)
    {
        json.WriteStartObject("hyperparameters");
        json.WriteNumber("n_epochs", order.Epochs);
        json.WriteString("batch_size", "auto");
        json.WriteNumber("learning_rate_multiplier", order.Multiplier);
        if (isDpo)
            json.WriteNumber("beta", order.Beta);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } n)
            json.WriteNumber(name, n);
        else
            json.WriteNull(name);
    }
}
