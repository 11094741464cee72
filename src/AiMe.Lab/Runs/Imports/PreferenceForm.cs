using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Preferences: TRL's (<c>prompt</c>, <c>chosen</c>, <c>rejected</c>), those of <c>aime export</c>, and OpenAI's
/// (<c>input</c>, <c>preferred_output</c>, <c>non_preferred_output</c>). The chosen answer is the experience.
/// </summary>
/// <remarks>The rejected answer is a candidate that was not chosen.</remarks>
internal sealed class PreferenceForm : IImportForm
{
    private const string Human = "\n\nHuman:",
        Assistant = "\n\nAssistant:";

    public bool Matches(MappingNode record) =>
        record.Has("chosen") || record.Has("rejected") || record.Has("preferred_output") || record.Has("non_preferred_output");

    public void Read(ImportRecord record)
    {
        var isOpenAi = record.Node.Has("preferred_output") || record.Node.Has("non_preferred_output");
        var (better, worse) = isOpenAi ? ("preferred_output", "non_preferred_output") : ("chosen", "rejected");
        record.Topic = record.OptionalText("topic", "a word or short phrase") is { Length: > 0 } topic ? topic : null;
        if (record.Find(better) is not { } chosen)
        {
            record.Missing(better, "the preferred answer");
            return;
        }

        List<SpokenMessage> rejected = [];
        if (record.Find(worse) is { } other)
            rejected = Messages(record, worse, other);
        else
            record.Missing(worse, "the other answer");
        if (record.Failed)
            return;
        if (chosen is MappingNode)
            chosen = new SequenceNode(chosen.At, [chosen]);
        if (IsWhole(chosen))
            ReadWhole(record, better, chosen);
        else if (Prompt(record, isOpenAi) is var (path, prompt))
            PairForm.ReadMessages(record, (path, prompt), (better, chosen));
        else
            record.Missing(isOpenAi ? "input" : "prompt", isOpenAi ? "{\"messages\": [...]}" : "the stimulus");
        if (!record.Failed)
            Reject(record, rejected);
    }

    // The messages of a text, a message, a list of messages or a dialogue, of which the last is an answer.
    private static List<SpokenMessage> Messages(ImportRecord record, string path, YamlNode value)
    {
        if (value is ScalarNode scalar && !IsWhole(value))
            return record.Text(path, scalar, "the other answer") is { } text
                ? [new SpokenMessage(Speaker.Assistant, text, value, path)]
                : [];
        List<SpokenMessage> messages = value is ScalarNode { Plain: false } dialogue
            ? [.. Spoken(dialogue, path)]
            : ChatMessageReader.Read(record, path, value is MappingNode ? new SequenceNode(value.At, [value]) : value);
        if (!record.Failed && messages is not [.., { Speaker: Speaker.Assistant }])
            record.Fail(value, path, "found no answer at the end, expected the other answer");
        return messages;
    }

    // If the two conversations part before the last question, the other answer does not belong to it.
    private static void Reject(ImportRecord record, List<SpokenMessage> rejected)
    {
        if (rejected.FindLast(m => m.Speaker == Speaker.User) is { } question && question.Text != record.Experiences[^1].Input)
            record.Notes.Count("rejected answer", "it answers another question than the preferred one; it is not kept");
        else
            record.Reject(rejected[^1].Text);
    }

    // TRL's prompt, OpenAI's input, and what programs around them write in its place.
    private static (string Path, YamlNode Value)? Prompt(ImportRecord record, bool isOpenAi)
    {
        if (isOpenAi)
            return record.Find("input") is MappingNode input && input.Value("messages") is { } messages
                ? ("input.messages", messages)
                : null;
        if (record.FindAny("prompt", "messages", "conversations", "question") is { } prompt)
            return prompt;
        if (record.Node.TextOf("instruction") is not { } instruction)
            return null;
        var more = record.OptionalText("input", "a text that belongs to the instruction, or an empty text");
        return (
            "instruction",
            string.IsNullOrWhiteSpace(more)
                ? record.Find("instruction")!
                : new ScalarNode(record.Node.At, $"{instruction}\n{more}", Plain: false)
        );
    }

    // The answer holds the whole conversation: as messages of which the first is not the answer, or as text with names.
    private static bool IsWhole(YamlNode chosen) =>
        chosen is SequenceNode { Items: [MappingNode first, ..] }
            && (first.TextOf("role") ?? first.TextOf("from")) is "system" or "user" or "human"
        || chosen is ScalarNode { Plain: false } scalar && scalar.Text.StartsWith(Human, StringComparison.Ordinal);

    private static void ReadWhole(ImportRecord record, string path, YamlNode chosen)
    {
        foreach (var repeated in (string[])["prompt", "messages", "question"])
            _ = record.Find(repeated); // the first of the messages
        var messages = chosen is ScalarNode scalar ? [.. Spoken(scalar, path)] : ChatMessageReader.Read(record, path, chosen);
        if (!record.Failed)
            ConversationReader.Read(record, messages);
    }

    private static IEnumerable<SpokenMessage> Spoken(ScalarNode scalar, string path)
    {
        var text = scalar.Text;
        for (var at = text.IndexOf(Human, StringComparison.Ordinal); at >= 0; )
        {
            var (speaker, name) =
                string.CompareOrdinal(text, at, Human, 0, Human.Length) == 0 ? (Speaker.User, Human) : (Speaker.Assistant, Assistant);
            var from = at + name.Length;
            int[] next = [text.IndexOf(Human, from, StringComparison.Ordinal), text.IndexOf(Assistant, from, StringComparison.Ordinal)];
            at = next.Where(n => n >= 0).DefaultIfEmpty(-1).Min();
            var said = (at < 0 ? text[from..] : text[from..at]).Trim();
            if (said.Length > 0)
                yield return new SpokenMessage(speaker, said, scalar, path);
        }
    }
}
