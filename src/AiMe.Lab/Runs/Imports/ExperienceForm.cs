using System.Collections.Frozen;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Experiences as <c>aime export</c> writes them: <c>experiences</c>, <c>full</c> and <c>csv</c>.</summary>
/// <remarks>An unknown member is a mistake here, since the form is ours.</remarks>
internal sealed class ExperienceForm : IImportForm
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Members that describe the recorded experience. They are measured again by the instance that receives it.</summary>
    // An export has every score, so a new one is known here too.
    private static readonly FrozenSet<string> Measured = Enum.GetValues<ScoreName>()
        .Select(s => s.Text())
        .Concat([
            "run",
            "instance",
            "variant",
            "replicate",
            "id",
            "cycle",
            "round",
            "internal",
            "verdict",
            "reasons",
            "scores",
            "importance",
            "recalled",
            "model",
            "prompt",
            "kind",
            "parent",
            "charter",
            "generation",
        ])
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Members = ["input", "output", "reflection", "timestamp", "topic"];

    public bool Matches(MappingNode record) => record.Has("input") && record.Has("output");

    public void Read(ImportRecord record)
    {
        var (input, output) = (record.Text("input", "the stimulus"), record.Text("output", "the answer"));
        var reflection = record.OptionalText("reflection", "the reflection, or an empty text");
        var at = record.Find("timestamp") is { } timestamp ? Time(record, timestamp) : null;
        record.Topic = record.OptionalText("topic", "a word or short phrase") is { Length: > 0 } topic ? topic : null;
        var isMeasured = false;
        foreach (var entry in record.Node.Entries.Where(e => !Members.Contains(e.Key, StringComparer.Ordinal)))
        {
            if (Measured.Contains(entry.Key))
                isMeasured = record.Find(entry.Key) is not null || isMeasured;
            else
                record.Fail(
                    entry.Value,
                    ImportRecord.Shown(entry.Key),
                    $"the member is unknown, expected one of {string.Join(", ", Members)}{Nearest.Hint(entry.Key, Members)}"
                );
        }

        if (isMeasured)
            record.Notes.Count("record", "the instance that receives it gives its own id, scores and verdict");
        if (!record.Failed)
            record.Add(record.Node, input!, output!, reflection, at);
    }

    private static DateTime? Time(ImportRecord record, YamlNode timestamp)
    {
        if (timestamp is ScalarNode { Text: "" })
            return null;
        if (
            timestamp is ScalarNode { Plain: false } scalar
            && DateTime.TryParseExact(
                scalar.Text,
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
            return time;
        record.Fail(timestamp, "timestamp", $"found {ImportRecord.Found(timestamp)}, expected a time such as 2026-01-01 00:03:00, UTC");
        return null;
    }
}
