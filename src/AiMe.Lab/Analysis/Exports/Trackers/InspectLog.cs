using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>One instance as a log of Inspect AI.</summary>
internal sealed class InspectLog(RunPlan plan, InstanceRecord record, InstanceProgress progress, Probed[] probed, InstanceTimes times)
{
    // Inspect's ids have 22 characters.
    private const int IdLength = 22;
    private const string Mean = "mean",
        StandardError = "stderr";

    private static readonly JsonWriterOptions s_readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    private readonly InspectSample[] _samples =
    [
        .. probed.Index().SelectMany(p => InspectSample.Of(plan.Probes, p.Item, p.Index + 1, ModelOf(plan, record.Variant))),
    ];

    public DateTime Created => times.Began ?? DateTime.UnixEpoch;

    public string Task => $"{RunPlan.ExperimentOf(plan.Run)}-{record.Variant.Name}".Replace('_', '-');

    public string Id { get; } = DerivedId.Hex(IdLength, "eval", plan.Run, record.Name);

    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_readable))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 2);
            json.WriteString("status", Status);
            Eval(json);
            Plan(json);
            Results(json);
            Stats(json);
            if (record.Status == InstanceState.Parked)
                Error(json, progress.Reason ?? "parked");
            json.WriteStartArray("samples");
            foreach (var sample in _samples)
                sample.Write(json);
            json.WriteEndArray();
            Reductions(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private string Status =>
        record.Status switch
        {
            InstanceState.Finished => "success",
            InstanceState.Parked => "error",
            _ => "started",
        };

    private string[] Samples => [.. plan.Probes.Choices.Select(p => p.Id), .. plan.Probes.Open.Select(p => p.Id)];

    // The mean over epochs of each sample that has the score.
    private (string Sample, double Value)[] Reduced(string score) =>
        [
            .. _samples
                .Where(s => s.Scores.ContainsKey(score))
                .GroupBy(s => s.Id, StringComparer.Ordinal)
                .Select(g => (g.Key, Metrics.Statistics.Mean.Of([.. g.Select(s => s.Scores[score])]))),
        ];

    private static string ModelOf(RunPlan plan, VariantPlan variant) =>
        plan.OriginOf(variant) switch
        {
            ModelOrigin.Hosted hosted => $"openai/{hosted.Chat}",
            ModelOrigin.Nano nano => $"aime/nano-{nano.Preset}",
            ModelOrigin.Fitted distribution => $"aime/{(distribution.Categories is null ? "gaussian" : "categorical")}",
            _ => "aime/unknown",
        };

    private void Eval(Utf8JsonWriter json)
    {
        json.WriteStartObject("eval");
        json.WriteString("eval_id", Id);
        json.WriteString("run_id", DerivedId.Hex(IdLength, "run", plan.Run));
        json.WriteString("created", Text(Created));
        json.WriteString("task", Task);
        json.WriteString("task_id", DerivedId.Hex(IdLength, "task", plan.Run, record.Variant.Name));
        json.WriteNumber("task_version", 0);
        Empty(json, "task_attribs");
        foreach (var arguments in (string[])["task_args", "task_args_passed"])
        {
            json.WriteStartObject(arguments);
            json.WriteString("variant", record.Variant.Name);
            json.WriteNumber("replicate", record.Replicate);
            json.WriteEndObject();
        }

        json.WriteStartObject("dataset");
        json.WriteString("name", "identity-probes");
        json.WriteNumber("samples", Samples.Length);
        json.WriteStartArray("sample_ids");
        foreach (var id in Samples)
            json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteBoolean("shuffled", value: false);
        json.WriteEndObject();
        json.WriteString("model", ModelOf(plan, record.Variant));
        Empty(json, "model_generate_config");
        Empty(json, "model_args");
        Empty(json, "model_roles");
        json.WriteStartObject("config");
        json.WriteNumber("epochs", probed.Length);
        json.WriteStartArray("epochs_reducer");
        json.WriteStringValue(Mean);
        json.WriteEndArray();
        json.WriteBoolean("log_samples", value: true);
        json.WriteEndObject();
        json.WriteStartObject("packages");
        json.WriteString("aime", typeof(InspectLog).Assembly.GetName().Version?.ToString(3));
        json.WriteEndObject();
        Scorers(json);
        json.WriteStartObject("metadata");
        json.WriteString("run", plan.Run);
        json.WriteString("instance", record.Name);
        json.WriteString("seed", plan.Seed.ToString());
        json.WriteString("digest", record.Status == InstanceState.Finished ? progress.Heads.Digest() : null);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Scorers(Utf8JsonWriter json)
    {
        json.WriteStartArray("scorers");
        foreach (var score in InspectSample.ScoreNames)
        {
            json.WriteStartObject();
            json.WriteString("name", score);
            Empty(json, "options");
            json.WriteStartArray("metrics");
            foreach (var metric in (string[])[Mean, StandardError])
            {
                json.WriteStartObject();
                json.WriteString("name", $"inspect_ai/{metric}");
                Empty(json, "options");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Empty(json, "metadata");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Plan(Utf8JsonWriter json)
    {
        json.WriteStartObject("plan");
        json.WriteString("name", "plan");
        json.WriteStartArray("steps");
        json.WriteStartObject();
        json.WriteString("solver", "identity_probes");
        Empty(json, "params");
        json.WriteEndObject();
        json.WriteEndArray();
        Empty(json, "config");
        json.WriteEndObject();
    }

    private void Results(Utf8JsonWriter json)
    {
        json.WriteStartObject("results");
        json.WriteNumber("total_samples", Samples.Length * probed.Length);
        json.WriteNumber("completed_samples", _samples.Length);
        json.WriteStartArray("scores");
        foreach (var score in InspectSample.ScoreNames)
        {
            double[] values = [.. Reduced(score).Select(r => r.Value)];
            if (values.Length == 0)
                continue;
            json.WriteStartObject();
            json.WriteString("name", score);
            json.WriteString("scorer", score);
            Empty(json, "params");
            json.WriteStartObject("metrics");
            Metric(json, Mean, Metrics.Statistics.Mean.Of(values));
            Metric(json, StandardError, StandardErrorOf(values));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Stats(Utf8JsonWriter json)
    {
        json.WriteStartObject("stats");
        json.WriteString("started_at", Text(Created));
        json.WriteString("completed_at", Text(times.Ended ?? Created));
        Empty(json, "model_usage");
        json.WriteEndObject();
    }

    private void Reductions(Utf8JsonWriter json)
    {
        json.WriteStartArray("reductions");
        foreach (var score in InspectSample.ScoreNames)
        {
            var reduced = Reduced(score);
            if (reduced.Length == 0)
                continue;
            json.WriteStartObject();
            json.WriteString("scorer", score);
            json.WriteString("reducer", Mean);
            json.WriteStartArray("samples");
            foreach (var (sample, value) in reduced)
            {
                json.WriteStartObject();
                json.WriteNumber("value", value);
                json.WriteString("sample_id", sample);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Error(Utf8JsonWriter json, string message)
    {
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("traceback", "");
        json.WriteString("traceback_ansi", "");
        json.WriteEndObject();
    }

    private static void Metric(Utf8JsonWriter json, string name, double value)
    {
        if (!double.IsFinite(value))
            return;
        json.WriteStartObject(name);
        json.WriteString("name", name);
        json.WriteNumber("value", value);
        Empty(json, "params");
        json.WriteEndObject();
    }

    private static double StandardErrorOf(double[] values)
    {
        var mean = Metrics.Statistics.Mean.Of(values);
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length); // NaN for one value
    }

    private static void Empty(Utf8JsonWriter json, string key)
    {
        json.WriteStartObject(key);
        json.WriteEndObject();
    }

    private static string Text(DateTime at) => at.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + "+00:00";
}
