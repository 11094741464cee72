namespace AiMe.Lab.Runs.Imports;

/// <summary>Turns the messages of a conversation into exchanges: each user message with the answer that follows it.</summary>
internal static class ConversationReader
{
    private const string Ignored = "not an experience; the instance has its own charter";

    /// <summary>Adds every exchange in order.</summary>
    /// <remarks>
    /// System messages are counted. An answer before the first question and a question after the last answer are left
    /// out with a warning. Two messages of one speaker in between are an error: what answers what is not known.
    /// </remarks>
    public static void Read(ImportRecord record, IEnumerable<SpokenMessage> messages)
    {
        SpokenMessage? question = null,
            last = null;
        var before = record.Experiences.Length;
        foreach (var message in messages)
        {
            switch (message.Speaker)
            {
                case Speaker.System:
                    record.Notes.Count("system message", Ignored);
                    continue;
                case Speaker.User when question is not null:
                    record.Fail(message.At, message.Path, $"found a second user message after {question.Path}, expected its answer");
                    break;
                case Speaker.Assistant when question is not null:
                    record.Add(question.At, question.Text, message.Text, trains: message.Trains);
                    break;
                case Speaker.Assistant when last is null:
                    record.Warn(message.At, message.Path, "an answer before the first question is no exchange; it is left out");
                    break;
                case Speaker.Assistant:
                    record.Fail(message.At, message.Path, $"found a second assistant message after {last.Path}, expected a user message");
                    break;
            }

            question = message.Speaker == Speaker.User ? message : null;
            last = message;
        }

        if (record.Failed)
            return;
        if (record.Experiences.Length == before)
            record.Fail(record.Node, "", "found no assistant message after a user message, expected at least one exchange");
        else if (question is not null)
            record.Warn(question.At, question.Path, "a question without an answer is no exchange; it is left out");
    }
}
