using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Preferences: TRL's (<c>prompt</c>, <c>chosen</c>, <c>rejected</c>), those of <c>aime export</c>, and OpenAI's
/// (<c>input</c>, <c>preferred_output</c>, <c>non_preferred_output</c>). The chosen answer is the experience.
/// </summary>
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

        if (record.Find(worse) is null)
            record.Missing(worse, "the other answer");
        else
            record.Notes.Count("rejected answer", "not kept; the preferred one is the experience");
        if (record.Failed)
            return;
        if (isOpenAi)
            ReadOpenAi(record, chosen);
        else if (record.Find("prompt") is { } prompt)
            PairForm.ReadMessages(record, ("prompt", prompt), ("chosen", chosen));
        else
            ReadWhole(record, chosen);
    }

    private static void ReadOpenAi(ImportRecord record, YamlNode chosen)
    {
        if (record.Find("input") is MappingNode input && input.Value("messages") is { } messages)
            PairForm.ReadMessages(record, ("input.messages", messages), ("preferred_output", chosen));
        else
            record.Missing("input", "{\"messages\": [...]}");
    }

    // Without a prompt, the answers hold the whole conversation: as messages, or as text with the speakers' names.
    private static void ReadWhole(ImportRecord record, YamlNode chosen)
    {
        if (chosen is SequenceNode)
        {
            var messages = ChatMessageReader.Read(record, "chosen", chosen);
            if (!record.Failed)
                ConversationReader.Read(record, messages);
        }
        else if (chosen is ScalarNode { Plain: false } scalar && scalar.Text.Contains(Human, StringComparison.Ordinal))
            ConversationReader.Read(record, Spoken(scalar));
        else
            record.Missing("prompt", "the stimulus");
    }

    private static IEnumerable<SpokenMessage> Spoken(ScalarNode scalar)
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
                yield return new SpokenMessage(speaker, said, scalar, "chosen");
        }
    }
}
