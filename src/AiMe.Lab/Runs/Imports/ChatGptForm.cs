using System.Globalization;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Conversations as ChatGPT exports them (<c>conversations.json</c>): a tree of messages, of which the branch that ends
/// in <c>current_node</c> is read.
/// </summary>
/// <remarks>
/// Such a file is somebody's whole history. So messages of tools, hidden messages, images and sound are left out and
/// counted; several messages of one speaker in a row are one.
/// </remarks>
internal sealed class ChatGptForm : IImportForm
{
    private const double LatestSecond = 253402300799; // 9999-12-31 23:59:59

    /// <summary>A message of the branch.</summary>
    private sealed record BranchMessage(Speaker Speaker, string Text, YamlNode At, DateTime? Time);

    public bool Matches(MappingNode record) => record.Value("mapping") is MappingNode;

    public void Read(ImportRecord record)
    {
        foreach (var entry in record.Node.Entries)
            _ = record.Find(entry.Key); // its many other members describe the conversation and ChatGPT's settings
        var mapping = (MappingNode)record.Find("mapping")!;
        if (Branch(record, mapping) is not { } branch)
            return;
        BranchMessage? question = null;
        var answers = new List<string>();
        foreach (var said in branch.Select(n => Message(record, n)).OfType<BranchMessage>())
        {
            if (said.Speaker == Speaker.Assistant)
            {
                if (question is null)
                    record.Notes.Count("answer", "no question is before it; it is left out");
                else
                    answers.Add(said.Text);
                continue;
            }

            if (answers.Count == 0 && question is not null)
                question = question with { Text = $"{question.Text}\n{said.Text}" };
            else
            {
                Add();
                question = said;
            }
        }

        if (question is not null && answers.Count == 0)
            record.Notes.Count("question", "it has no answer; it is left out");
        Add();
        if (record.Experiences.IsEmpty)
            record.LeaveOut("the conversation has no question with an answer in text; it is left out");

        void Add()
        {
            if (question is not null && answers.Count > 0)
                record.Add(question.At, question.Text, string.Join('\n', answers), time: question.Time);
            answers.Clear();
        }
    }

    // From the current node up to the root, then turned round.
    private static List<MappingNode>? Branch(ImportRecord record, MappingNode mapping)
    {
        var nodes = mapping.Entries.ToDictionary(e => e.Key, e => e.Value as MappingNode, StringComparer.Ordinal);
        var id = record.Find("current_node") is ScalarNode { Plain: false } current ? current.Text : mapping.Entries.LastOrDefault()?.Key;
        var branch = new List<MappingNode>();
        for (var seen = new HashSet<string>(StringComparer.Ordinal); id is not null; )
        {
            if (!nodes.TryGetValue(id, out var node) || node is null || !seen.Add(id))
            {
                record.Fail(
                    mapping,
                    "mapping",
                    $"found {(seen.Contains(id) ? "a cycle at" : "no message")} '{ImportRecord.Shown(id)}', expected a tree in which every "
                        + "parent is a member"
                );
                return null;
            }

            branch.Add(node);
            id = node.TextOf("parent");
        }

        branch.Reverse();
        return branch;
    }

    private static BranchMessage? Message(ImportRecord record, MappingNode node)
    {
        if (node.Value("message") is not MappingNode message || message.Value("author") is not MappingNode author)
            return null;
        if (message.TextOf("recipient") is not (null or "all"))
        {
            record.Notes.Count("message to a tool", "an instance remembers only words; it is left out");
            return null;
        }

        var isHidden =
            message.Value("metadata") is MappingNode metadata
            && !NodeMembers.IsEmpty(metadata.Value("is_visually_hidden_from_conversation"));
        switch (author.TextOf("role"))
        {
            case "user" or "assistant" when !isHidden:
                break;
            case "system" or "user" or "assistant":
                record.Notes.Count("hidden or system message", "not an experience; the instance has its own charter");
                return null;
            default:
                record.Notes.Count("message of a tool", "an instance remembers only words; it is left out");
                return null;
        }

        var content = message.Value("content") as MappingNode;
        if (content?.TextOf("content_type") is not ("text" or "multimodal_text"))
        {
            record.Notes.Count($"message of type {ImportRecord.Shown(content?.TextOf("content_type") ?? "none")}", "it is left out");
            return null;
        }

        var text = Text(record, content);
        return text.Length == 0
            ? null
            : new BranchMessage(
                author.TextOf("role") == "user" ? Speaker.User : Speaker.Assistant,
                text,
                message,
                Time(message.Value("create_time"))
            );
    }

    private static string Text(ImportRecord record, MappingNode content)
    {
        var texts = new List<string>();
        foreach (var part in content.Value("parts") is SequenceNode parts ? parts.Items : [])
        {
            if (part is ScalarNode { Plain: false } words)
                texts.Add(words.Text);
            else if (part is MappingNode mapping && mapping.TextOf("text") is { } spoken)
                texts.Add(spoken); // the transcript of sound
            else if (!NodeMembers.IsEmpty(part))
                record.Notes.Count("part of a message", "an image, sound or a file; an instance remembers only words, it is left out");
        }

        return string.Join('\n', texts.Where(t => !string.IsNullOrWhiteSpace(t)));
    }

    // Seconds since 1970; null if it is no such number.
    private static DateTime? Time(YamlNode? value) =>
        value is ScalarNode { Plain: true } scalar
        && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and <= LatestSecond
            ? DateTime.UnixEpoch.AddSeconds(Math.Floor(seconds))
            : null;
}
