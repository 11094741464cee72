using System.Collections.Frozen;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Who speaks in a message.</summary>
internal enum Speaker
{
    System,
    User,
    Assistant,
    Tool,
}

/// <summary>A message of a conversation.</summary>
/// <param name="Path">Its place in the record, such as <c>messages[2]</c>.</param>
/// <param name="Trains">Whether its author lets it be trained on.</param>
internal sealed record SpokenMessage(Speaker Speaker, string Text, YamlNode At, string Path, bool Trains = true);

/// <summary>
/// Reads messages as OpenAI (<c>role</c>, <c>content</c>) and ShareGPT (<c>from</c>, <c>value</c>) write them.
/// </summary>
internal static class ChatMessageReader
{
    /// <summary>Names of the speakers in OpenAI's files, in ShareGPT's, and in those of programs that write either.</summary>
    private static readonly FrozenDictionary<string, Speaker> Speakers = new Dictionary<string, Speaker>(StringComparer.OrdinalIgnoreCase)
    {
        ["system"] = Speaker.System,
        ["developer"] = Speaker.System,
        ["user"] = Speaker.User,
        ["human"] = Speaker.User,
        ["assistant"] = Speaker.Assistant,
        ["gpt"] = Speaker.Assistant,
        ["chatgpt"] = Speaker.Assistant,
        ["bard"] = Speaker.Assistant,
        ["bing"] = Speaker.Assistant,
        ["model"] = Speaker.Assistant,
        ["tool"] = Speaker.Tool,
        ["function"] = Speaker.Tool,
        ["function_call"] = Speaker.Tool,
        ["observation"] = Speaker.Tool,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Roles = ["system", "developer", "user", "human", "assistant", "gpt"];

    private static readonly FrozenSet<string> Known = new[]
    {
        "role",
        "from",
        "content",
        "value",
        "weight",
        "name",
        "tool_calls",
        "function_call",
        "refusal",
        "audio",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a value is a message.</summary>
    public static bool IsMessage(YamlNode node) =>
        node is MappingNode m && (m.Has("role") && (m.Has("content") || m.Has("tool_calls")) || m.Has("from") && m.Has("value"));

    /// <summary>Whether a value is a list of messages.</summary>
    public static bool IsConversation(YamlNode node) => node is SequenceNode { Items.IsEmpty: false } list && list.Items.All(IsMessage);

    /// <summary>The messages of a list; what is no message is reported.</summary>
    public static List<SpokenMessage> Read(ImportRecord record, string path, YamlNode list)
    {
        List<SpokenMessage> messages = [];
        if (list is not SequenceNode { Items.IsEmpty: false } sequence)
        {
            record.Fail(
                list,
                path,
                $"found {(list is SequenceNode ? "an empty list" : ImportRecord.Found(list))}, expected a list of messages"
            );
            return messages;
        }

        for (var i = 0; i < sequence.Items.Length; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (sequence.Items[i] is not MappingNode message)
                record.Fail(
                    sequence.Items[i],
                    place,
                    $"found {ImportRecord.Found(sequence.Items[i])}, expected a message {{\"role\", \"content\"}}"
                );
            else if (Read(record, place, message) is { } read)
                messages.Add(read);
        }

        return messages;
    }

    private static SpokenMessage? Read(ImportRecord record, string path, MappingNode message)
    {
        foreach (var entry in message.Entries.Where(e => !Known.Contains(e.Key)))
            record.Notes.Unused($"{path[..path.IndexOf('[', StringComparison.Ordinal)]}[].{ImportRecord.Shown(entry.Key)}");
        if (SpeakerOf(record, path, message) is not { } speaker)
            return null;
        if (speaker == Speaker.Tool)
            return Refuse("a message of a tool");
        if (!NodeMembers.IsEmpty(message.Value("tool_calls")))
            return Refuse("a call of tools (tool_calls)");
        if (!NodeMembers.IsEmpty(message.Value("function_call")))
            return Refuse("a call of a function (function_call)");
        if (!NodeMembers.IsEmpty(message.Value("audio")))
            return Refuse("sound (audio)");
        var key = message.Has("content") ? "content" : "value";
        var content = message.Value(key);
        if (NodeMembers.IsEmpty(content) && !NodeMembers.IsEmpty(message.Value("refusal")))
            return Refuse("a refusal (refusal) without an answer");
        var trains = Weight(record, path, message);
        return ContentReader.Text(record, $"{path}.{key}", content, message) is { } text
            ? new SpokenMessage(speaker, text, message, path, trains)
            : null;

        SpokenMessage? Refuse(string what)
        {
            record.Fail(message, path, $"found {what}, expected text: an instance remembers only words. Remove the record");
            return null;
        }
    }

    private static Speaker? SpeakerOf(ImportRecord record, string path, MappingNode message)
    {
        var key = message.Has("role") || !message.Has("from") ? "role" : "from";
        var name = message.TextOf(key);
        if (name is not null && Speakers.TryGetValue(name, out var speaker))
            return speaker;
        var found = message.Value(key) is { } value ? $"found {ImportRecord.Found(value)}" : "the member is missing";
        record.Fail(
            message.Value(key) ?? message,
            $"{path}.{key}",
            $"{found}, expected one of {string.Join(", ", Roles)}{(name is null ? "" : Nearest.Hint(name, Roles))}"
        );
        return null;
    }

    // OpenAI: an assistant message of weight 0 is not trained on.
    private static bool Weight(ImportRecord record, string path, MappingNode message)
    {
        if (message.Value("weight") is not { } weight || weight is ScalarNode { IsNothing: true, Plain: true })
            return true;
        if (
            weight is ScalarNode { Plain: true } scalar
            && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is 0 or 1
        )
            return number != 0;
        record.Fail(weight, $"{path}.weight", $"found {ImportRecord.Found(weight)}, expected 0 (remember, do not train on it) or 1");
        return true;
    }
}
