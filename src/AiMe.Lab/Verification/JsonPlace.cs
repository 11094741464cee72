using System.Text;
using System.Text.Json;
using AiMe.Corpora;

namespace AiMe.Lab.Verification;

/// <summary>Finds places in JSON.</summary>
internal static class JsonPlace
{
    /// <summary>
    /// Where a text stops being JSON: the path of the value that was being read, such as <c>d.recalled[0]</c>; null if
    /// it is JSON.
    /// </summary>
    public static string? OfFault(ReadOnlySpan<byte> json)
    {
        var path = new Stack<(string Name, int Item)>();
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
                Step(ref reader, path);
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Text(path);
        }
    }

    /// <summary>The path of a serializer's error (<c>$.cycle</c>) as a path of a payload (<c>d.cycle</c>).</summary>
    public static string OfData(Exception? complaint) => complaint is JsonException { Path: ['$', ..] path } ? $"d{path[1..]}" : "d";

    /// <summary>
    /// The first place at which two texts differ, with both values, shortened; null if they are the same JSON.
    /// </summary>
    public static (string Path, string Expected, string Found)? OfDifference(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> found)
    {
        try
        {
            using var left = JsonDocument.Parse(expected);
            using var right = JsonDocument.Parse(found);
            return Compare("", left.RootElement, right.RootElement);
        }
        catch (JsonException)
        {
            return (OfFault(found.Span) ?? "", "JSON", "no JSON");
        }
    }

    private static void Step(ref Utf8JsonReader reader, Stack<(string Name, int Item)> path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Swap(path, reader.GetString()!, -1);
                break;
            case JsonTokenType.StartObject:
                Count(path);
                path.Push(("", -1));
                break;
            case JsonTokenType.StartArray:
                Count(path);
                path.Push(("", 0));
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.Pop();
                break;
            default:
                Count(path);
                break;
        }
    }

    // A value inside an array is its next item.
    private static void Count(Stack<(string Name, int Item)> path)
    {
        if (path.TryPeek(out var top) && top.Item >= 0)
            Swap(path, $"[{top.Item}]", top.Item + 1);
    }

    private static void Swap(Stack<(string Name, int Item)> path, string name, int item)
    {
        path.Pop();
        path.Push((name, item));
    }

    private static string Text(Stack<(string Name, int Item)> path)
    {
        var text = new StringBuilder();
        foreach (var (name, _) in path.Reverse().Where(p => p.Name.Length > 0))
            text.Append(name[0] == '[' || text.Length == 0 ? "" : ".").Append(name);
        return text.Length == 0 ? "message" : text.ToString();
    }

    private static (string, string, string)? Compare(string path, JsonElement expected, JsonElement found)
    {
        if (expected.ValueKind != found.ValueKind || expected.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return expected.GetRawText() == found.GetRawText() ? null : (path, Short(expected), Short(found));
        var (left, right) = (Parts(expected), Parts(found));
        foreach (var (name, value) in left)
        {
            if (!right.TryGetValue(name, out var other))
                return (Join(path, name), Short(value), "nothing");
            if (Compare(Join(path, name), value, other) is { } difference)
                return difference;
        }

        return right.Keys.FirstOrDefault(name => !left.ContainsKey(name)) is { } more
            ? (Join(path, more), "nothing", Short(right[more]))
            : null;
    }

    private static OrderedDictionary<string, JsonElement> Parts(JsonElement whole)
    {
        var parts = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (whole.ValueKind == JsonValueKind.Array)
        {
            foreach (var (item, i) in whole.EnumerateArray().Select((item, i) => (item, i)))
                parts[$"[{i}]"] = item;
        }
        else
        {
            foreach (var member in whole.EnumerateObject())
                parts[member.Name] = member.Value;
        }

        return parts;
    }

    private static string Join(string path, string name) => name[..1] == "[" || path.Length == 0 ? path + name : $"{path}.{name}";

    private static string Short(JsonElement value) => TextCut.Marked(value.GetRawText(), 60);
}
