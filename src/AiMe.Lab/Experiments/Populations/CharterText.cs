using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Faculties;

namespace AiMe.Lab.Experiments.Populations;

/// <summary>Writes a charter as the text of a charter file.</summary>
/// <remarks>The text is JSON, which is YAML too, and the same for every charter with the same parts.</remarks>
internal static class CharterText
{
    /// <summary>The text; the readers of charter files and of grammars read the same charter from it.</summary>
    public static string Of(Charter charter)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("name", charter.Name);
            if (charter.Trade is not null)
                json.WriteString("trade", charter.Trade);
            json.WriteString("stem", charter.Stem);
            Write(json, "traits", charter.Traits);
            Write(json, "values", charter.Values);
            Write(json, "goals", charter.Goals);
            Write(json, "voice", charter.Voice);
            json.WriteString("self-model", charter.SelfModel);
            json.WriteStartArray("drives");
            foreach (var drive in charter.Drives)
            {
                json.WriteStartObject();
                json.WriteString("id", drive.Id);
                json.WriteString("topic", drive.Topic);
                json.WriteString("text", drive.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // A missing list and an empty one are the same charter, and a grammar takes an empty list for an error.
    private static void Write(Utf8JsonWriter json, string key, ImmutableArray<string> texts)
    {
        if (texts.IsDefaultOrEmpty)
            return;
        json.WriteStartArray(key);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
