using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiMe.Console.Output;

/// <summary>Writes JSON objects on one line: non-ASCII text is not escaped, and an undefined figure is null.</summary>
internal static class JsonObject
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns an object with the given members.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Writes an object as a member.</summary>
    public static void WriteObject(this Utf8JsonWriter json, string key, Action members)
    {
        json.WriteStartObject(key);
        members();
        json.WriteEndObject();
    }

    /// <summary>Writes an array of objects as a member.</summary>
    public static void WriteObjects<T>(this Utf8JsonWriter json, string key, IEnumerable<T> items, Action<T> members)
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

    /// <summary>Writes an array of texts as a member.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Writes a number, or null if it is undefined or infinite.</summary>
    public static void WriteFigure(this Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } v && double.IsFinite(v))
            json.WriteNumber(key, v);
        else
            json.WriteNull(key);
    }
}
