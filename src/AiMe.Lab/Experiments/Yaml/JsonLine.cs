using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Reads one line of a JSON Lines file into nodes with their places.</summary>
internal static class JsonLine
{
    /// <returns>The value, or null if the line is not JSON.</returns>
    public static YamlNode? Read(string file, int line, string text, Problems problems)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Utf8JsonReader reader = new(bytes);
        try
        {
            reader.Read();
            var root = Read(ref reader, bytes, new Place(file, line, 1), problems);
            reader.Read(); // throws if something follows the value
            return root;
        }
        catch (JsonException e)
        {
            var fault = JsonFault.Of(e, text);
            problems.Fail(new(file, line, fault.Column), "", $"this line is not JSON: {fault.What}");
            return null;
        }
        catch (InvalidOperationException e)
        {
            // An unpaired surrogate: well-formed JSON, but not valid text.
            problems.Fail(At(reader, bytes, new(file, line, 1)), "", $"this line is not JSON: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    private static YamlNode Read(ref Utf8JsonReader reader, byte[] bytes, Place line, Problems problems)
    {
        var at = At(reader, bytes, line);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMapping(ref reader, at, bytes, line, problems);
            case JsonTokenType.StartArray:
                var items = ImmutableArray.CreateBuilder<YamlNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, bytes, line, problems));
                return new SequenceNode(at, items.ToImmutable());
            case JsonTokenType.String:
                return new ScalarNode(at, reader.GetString()!, Plain: false);
            default:
                return new ScalarNode(at, Encoding.UTF8.GetString(reader.ValueSpan), Plain: true);
        }
    }

    private static MappingNode ReadMapping(ref Utf8JsonReader reader, Place at, byte[] bytes, Place line, Problems problems)
    {
        MappingNode mapping = new(at, []);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            var keyAt = At(reader, bytes, line);
            reader.Read();
            var value = Read(ref reader, bytes, line, problems);
            if (mapping.Entries.Any(e => e.Key == key))
                problems.Fail(keyAt, key, "found twice, expected once");
            else
                mapping = mapping.With(new(keyAt, key, value));
        }

        return mapping;
    }

    private static Place At(Utf8JsonReader reader, byte[] bytes, Place line) =>
        line with
        {
            Column = Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.TokenStartIndex)) + 1,
        };
}
