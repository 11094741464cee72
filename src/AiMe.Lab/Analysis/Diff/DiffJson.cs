using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>A matched pair as JSON. Keys are camelCase and always present; an undefined cosine is null.</summary>
public static class DiffJson
{
    /// <summary>Writes one line of UTF-8, without a line feed.</summary>
    public static byte[] Write(InstanceDiff diff, DiffPair pair)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("stimulus", pair.First.Stimulus);
            json.WriteBoolean("internal", pair.First.Internal);
            json.WriteBoolean("identical", pair.IsIdentical);
            CompareJson.Number(json, "cosine", pair.Cosine);
            Side(json, "first", diff.First, pair.First);
            Side(json, "second", diff.Second, pair.Second);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Side(Utf8JsonWriter json, string key, DiffSide side, DiffAnswer answer)
    {
        json.WriteStartObject(key);
        json.WriteString("run", side.Plan.Run);
        json.WriteString("instance", side.Instance);
        json.WriteNumber("cycle", answer.Cycle);
        json.WriteNumber("round", answer.Round);
        json.WriteString("answer", answer.Text);
        json.WriteString(
            "verdict",
            answer.Verdict switch
            {
                Verdict.Keep => "keep",
                Verdict.Reject => "reject",
                Verdict.Hold => "hold",
                _ => throw new System.Diagnostics.UnreachableException(),
            }
        );
        json.WriteEndObject();
    }
}
