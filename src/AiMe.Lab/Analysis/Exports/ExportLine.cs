using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>Formats an experience as a line.</summary>
public static class ExportLine
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the line in UTF-8, with its line feed.</summary>
    public static byte[] Of(LivedExperience exported, ExportForm form) =>
        form switch
        {
            ExportForm.Experiences => Line(json => Experience(json, exported.Experience)),
            ExportForm.Pairs => Line(json =>
            {
                json.WriteString("prompt", PromptOf(exported.Experience));
                json.WriteString("completion", exported.Experience.Output);
            }),
            ExportForm.Chat => Datasets.Write(
                [Datasets.Of(new Example(exported.Experience.Id, exported.Experience.Bare, exported.Experience.Output))],
                names: false
            ),
            ExportForm.Full => Line(json => Full(json, exported)),
            ExportForm.ShareGpt => Line(json => Conversation(json, exported)),
            ExportForm.Csv => ExportCsv.Line(exported),
            _ => throw new UnreachableException(),
        };

    /// <summary>The prompt without recall and self-model, as used for training.</summary>
    internal static string PromptOf(Stored e) => string.Join('\n', e.Bare.Parts.Select(p => p.Text));

    /// <summary>Writes every score by its name; null if undefined.</summary>
    internal static void Scores(Utf8JsonWriter json, string key, Scores scores, double novelty)
    {
        json.WriteStartObject(key);
        foreach (var score in Enum.GetValues<ScoreName>())
        {
            var value = score == ScoreName.Novelty ? novelty : score.Of(scores);
            if (double.IsFinite(value))
                json.WriteNumber(score.Text(), value);
            else
                json.WriteNull(score.Text());
        }

        json.WriteEndObject();
    }

    private static void Conversation(Utf8JsonWriter json, LivedExperience exported)
    {
        var e = exported.Experience;
        json.WriteString("id", $"{exported.Run}/{exported.Instance}/{e.Id}");
        Array(
            json,
            "conversations",
            e.Bare.Parts.Select(p => (From: p.Kind == PartKind.Charter ? "system" : "human", p.Text)).Append((From: "gpt", Text: e.Output)),
            turn =>
            {
                json.WriteString("from", turn.From);
                json.WriteString("value", turn.Text);
            }
        );
    }

    private static void Experience(Utf8JsonWriter json, Stored e)
    {
        json.WriteString("input", e.Input);
        json.WriteString("output", e.Output);
        json.WriteString("reflection", e.Reflection);
        json.WriteString("timestamp", e.Timestamp.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }

    private static void Full(Utf8JsonWriter json, LivedExperience exported)
    {
        var e = exported.Experience;
        Experience(json, e);
        json.WriteString("run", exported.Run);
        json.WriteString("instance", exported.Instance);
        json.WriteString("variant", exported.Variant);
        json.WriteNumber("replicate", exported.Replicate);
        json.WriteString("id", e.Id.Value);
        json.WriteNumber("cycle", e.Cycle);
        json.WriteNumber("round", e.Round);
        json.WriteString("topic", e.Topic);
        json.WriteBoolean("internal", e.Internal);
        json.WriteString("verdict", e.Verdict.ToString().ToLowerInvariant());
        Texts(json, "reasons", e.Reasons);
        Scores(json, "scores", e.Scores, e.Novelty);
        json.WriteNumber("importance", e.Importance);
        Texts(json, "recalled", e.Recalled.Select(r => r.Value));
        json.WriteString("model", e.Model.Value);
        Array(json, "prompt", e.Bare.Parts, p =>
        {
            json.WriteString("kind", p.Kind == PartKind.SelfModel ? "self-model" : p.Kind.ToString().ToLowerInvariant());
            json.WriteString("text", p.Text);
        });
        json.WriteString("kind", exported.Kind.ToString().ToLowerInvariant());
        json.WriteString("parent", exported.Parent);
        json.WriteNumber("generation", exported.Generation);
        // not written if it was not held for people, as before reviews existed
        if (exported.Review is { } review)
            Array(json, "reviews", review.Answers, a =>
            {
                json.WriteString("by", a.By);
                json.WriteString("verdict", a.Verdict.ToString().ToLowerInvariant());
                if (a.Note is { } note)
                    json.WriteString("note", note);
            });
    }

    private static void Array<T>(Utf8JsonWriter json, string key, IEnumerable<T> items, Action<T> members)
    {
        json.WriteStartArray(key);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Returns one JSON object and a line feed.</summary>
    internal static byte[] Line(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
