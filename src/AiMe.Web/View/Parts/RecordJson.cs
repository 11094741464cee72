using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Web.View.Parts;

/// <summary>Recorded JSON for people: indented, with long parts shortened.</summary>
internal static class RecordJson
{
    private const int MostItems = 40,
        MostCharacters = 2_000,
        MostOfEmbedding = 60;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An event.</summary>
    public static string Of(Event happened) => Shortened(JsonNode.Parse(FacultyEvents.Codec.Write(happened)));

    /// <summary>The state of a faculty.</summary>
    public static string Of(object state, JsonTypeInfo type) => Shortened(JsonSerializer.SerializeToNode(state, type));

    private static string Shortened(JsonNode? node) => Shorten(node)?.ToJsonString(Indented) ?? "null";

    private static JsonNode? Shorten(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                    members[name] = Shorten(value?.DeepClone());
                return members;
            case JsonArray items when items.Count > MostItems:
                return new JsonArray([
                    .. items.Take(MostItems).Select(i => Shorten(i?.DeepClone())),
                    JsonValue.Create($"… {items.Count - MostItems} more"),
                ]);
            case JsonArray items:
                return new JsonArray([.. items.Select(i => Shorten(i?.DeepClone()))]);
            case JsonValue value when value.TryGetValue<string>(out var text) && Most(text) is var most && text.Length > most:
                return JsonValue.Create($"{TextCut.Beginning(text, most)}… ({text.Length} characters)");
            default:
                return node;
        }
    }

    // An embedding is base64 without a blank.
    private static int Most(string text) => text.Contains(' ', StringComparison.Ordinal) ? MostCharacters : MostOfEmbedding * 2;
}
