using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Conversations: OpenAI's fine-tuning files (<c>messages</c>) and ShareGPT's (<c>conversations</c>).
/// </summary>
internal sealed class ChatForm : IImportForm
{
    private static readonly string[] Lists = ["messages", "conversations", "conversation"];

    public bool Matches(MappingNode record) => Array.Exists(Lists, record.Has);

    public void Read(ImportRecord record)
    {
        var key = Array.Find(Lists, record.Node.Has)!;
        if (record.Find(key) is not { } list)
        {
            record.Missing(key, "a list of messages");
            return;
        }

        if (record.Find("system") is not null)
            record.Notes.Count("system message", "not an experience; the instance has its own charter");
        var messages = ChatMessageReader.Read(record, key, list);
        if (!record.Failed)
            ConversationReader.Read(record, messages);
    }
}
