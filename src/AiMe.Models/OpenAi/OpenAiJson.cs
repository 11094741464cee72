using System.Text.Json;

namespace AiMe.Models.OpenAi;

/// <summary>Reads a server's JSON, and reports deviations from the API.</summary>
internal static class OpenAiJson
{
    private const int LongestShown = 60;

    /// <summary>A document whose texts are all storable (<see cref="JsonText"/>).</summary>
    /// <exception cref="FormatException">It is not JSON; the message shows its beginning.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(JsonText.Clean(json));
        }
        catch (JsonException e)
        {
            var beginning = Beginning(json);
            throw new FormatException(beginning.Length == 0 ? "it is empty" : $"it is not JSON, and begins '{beginning}'", e);
        }
    }

    /// <summary>A member that exists and is not null; else null.</summary>
    public static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null
            ? found
            : null;

    /// <summary>A required member.</summary>
    public static JsonElement Need(JsonElement parent, string name, JsonValueKind kind, string path)
    {
        var found = Find(parent, name) ?? throw new FormatException($"{path} is missing");
        MustBe(found, kind, path);
        return found;
    }

    /// <summary>A text, or null if there is none.</summary>
    public static string? Text(JsonElement parent, string name, string path)
    {
        if (Find(parent, name) is not { } found)
            return null;
        MustBe(found, JsonValueKind.String, path);
        return found.GetString();
    }

    /// <summary>
    /// A whole number from 0 to a bound; null if there is none. A count beyond the bound is an error of the server.
    /// </summary>
    public static long? Count(JsonElement parent, string name, long most = int.MaxValue) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Number } found
        && found.TryGetDouble(out var count)
        && count >= 0
        && count <= most
        && count == Math.Truncate(count)
            ? (long)count
            : null;

    /// <summary>Rejects a value of another kind.</summary>
    public static void MustBe(JsonElement found, JsonValueKind kind, string path)
    {
        if (found.ValueKind != kind)
            throw new FormatException($"{path} is {Name(found.ValueKind)}, expected {Name(kind)}");
    }

    private static string Name(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "true or false",
            _ => "nothing",
        };

    private static string Beginning(ReadOnlyMemory<byte> json) =>
        System.Text.Encoding.UTF8.GetString(json.Span[..Math.Min(LongestShown, json.Length)]).Trim();
}
