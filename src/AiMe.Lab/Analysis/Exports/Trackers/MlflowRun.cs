using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Corpora;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>How an MLflow run stands, with MLflow's own number.</summary>
internal enum MlflowStatus
{
    /// <summary>It goes on.</summary>
    Running = 1,

    /// <summary>It ended.</summary>
    Finished = 3,

    /// <summary>It ended early.</summary>
    Failed = 4,
}

/// <summary>One run in MLflow's file store.</summary>
/// <remarks>Source: MLflow's FileStore, in the versions 2 and 3.</remarks>
internal sealed class MlflowRun
{
    private const int LongestParam = 6000;
    private const int LongestTag = 5000;
    private static readonly string[] s_folders = ["params", "metrics", "tags", "artifacts"];
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _folder;
    private readonly Dictionary<string, StringBuilder> _metrics = new(StringComparer.Ordinal);

    /// <param name="experiment">The folder of the experiment.</param>
    public MlflowRun(string experiment, string id, string name)
    {
        (_folder, Id) = (Path.Combine(experiment, id), id);
        foreach (var folder in s_folders)
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        Tag("mlflow.runName", name);
        Tag("mlflow.user", "aime");
        Tag("mlflow.source.name", "aime");
        Tag("mlflow.source.type", "LOCAL");
        Name = name;
    }

    public string Id { get; }

    private string Name { get; }

    public void Param(string key, string value) => Write("params", key, value, LongestParam);

    public void Tag(string key, string value) => Write("tags", key, value, LongestTag);

    /// <summary>A value at a generation; nothing if it is undefined.</summary>
    public void Metric(string key, double value, int generation, DateTime at)
    {
        if (double.IsNaN(value))
            return;
        if (!_metrics.TryGetValue(key, out var lines))
            _metrics[key] = lines = new StringBuilder();
        lines.Append(CultureInfo.InvariantCulture, $"{Milliseconds(at)} {Text(value)} {generation}\n");
    }

    public Task ArtifactAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        File.WriteAllBytesAsync(Path.Combine(_folder, "artifacts", name), content, cancellationToken);

    /// <summary>Writes what was collected, and the run's own file.</summary>
    /// <param name="location">Address of the folder at its final place.</param>
    public void Finish(string experimentId, Uri location, MlflowStatus status, DateTime began, DateTime? ended)
    {
        foreach (var (key, lines) in _metrics)
            Put("metrics", key, lines.ToString());
        Put(
            "",
            "meta.yaml",
            $"""
            artifact_uri: {Yaml($"{location.AbsoluteUri.TrimEnd('/')}/artifacts")}
            deleted_time: null
            end_time: {(ended is { } end && status != MlflowStatus.Running ? Milliseconds(end) : "null")}
            entry_point_name: ''
            experiment_id: {Yaml(experimentId)}
            lifecycle_stage: active
            run_id: {Yaml(Id)}
            run_name: {Yaml(Name)}
            run_uuid: {Yaml(Id)}
            source_name: ''
            source_type: 4
            source_version: ''
            start_time: {Milliseconds(began)}
            status: {(int)status}
            tags: []
            user_id: aime

            """
        );
    }

    /// <summary>A text as YAML: JSON's form of it, which YAML has too.</summary>
    public static string Yaml(string text) => JsonSerializer.Serialize(text, s_readable);

    public static string Milliseconds(DateTime at) =>
        new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    // Python's float() reads it.
    private static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private void Write(string folder, string key, string value, int longest) => Put(folder, key, TextCut.Beginning(value, longest));

    private void Put(string folder, string key, string text) =>
        File.WriteAllText(Path.Combine(_folder, folder, folder.Length == 0 ? key : MlflowKey.Of(key)), text.ReplaceLineEndings("\n"));
}
