using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Reads JSON values, one after another, into nodes with their lines and columns.</summary>
/// <remarks>In one pass and in linear time, because these files may be large.</remarks>
internal static class JsonNodes
{
    /// <summary>The values of a text; null if it is not JSON, which is reported.</summary>
    /// <param name="at">Where the text begins.</param>
    public static ImmutableArray<YamlNode>? Read(Place at, ReadOnlySpan<byte> utf8, Problems problems)
    {
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { AllowMultipleValues = true });
        TextPosition place = new(utf8, at);
        var values = ImmutableArray.CreateBuilder<YamlNode>();
        try
        {
            while (reader.Read())
                values.Add(Value(ref reader, ref place, problems));
            return values.ToImmutable();
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(" LineNumber", StringComparison.Ordinal);
            var reason = ImportRecord.OneLine((end < 0 ? e.Message : e.Message[..end]).TrimEnd('.'));
            problems.Fail(place.At((int)reader.BytesConsumed), "", $"this is not JSON: {reason}");
        }
        catch (InvalidOperationException)
        {
            // well-formed JSON, but an unpaired surrogate is not text
            problems.Fail(place.At((int)reader.TokenStartIndex), "", "this is not JSON: half of a surrogate pair is not text");
        }

        return null;
    }

    private static YamlNode Value(ref Utf8JsonReader reader, ref TextPosition place, Problems problems)
    {
        var at = place.At((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Mapping(at, ref reader, ref place, problems);
            case JsonTokenType.StartArray:
                var items = ImmutableArray.CreateBuilder<YamlNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Value(ref reader, ref place, problems));
                return new SequenceNode(at, items.ToImmutable());
            case JsonTokenType.String:
                return new ScalarNode(at, reader.GetString()!, Plain: false);
            default:
                return new ScalarNode(at, Encoding.UTF8.GetString(reader.ValueSpan), Plain: true);
        }
    }

    private static MappingNode Mapping(Place at, ref Utf8JsonReader reader, ref TextPosition place, Problems problems)
    {
        var entries = ImmutableArray.CreateBuilder<MappingEntry>();
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (key, keyAt) = (reader.GetString()!, place.At((int)reader.TokenStartIndex));
            reader.Read();
            var value = Value(ref reader, ref place, problems);
            if (keys.Add(key))
                entries.Add(new(keyAt, key, value));
            else
                throw new JsonException($"the member '{ImportRecord.Shown(key)}' is there twice");
        }

        return new MappingNode(at, entries.ToImmutable());
    }
}
