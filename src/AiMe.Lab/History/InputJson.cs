using System.Text.Json;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Lab.History;

/// <summary>The JSON of an input in an inbox message.</summary>
internal static class InputJson
{
    public static byte[] Write(Input input) => JsonSerializer.SerializeToUtf8Bytes(input, FacultyJson.Default.Input);

    /// <exception cref="JournalException">The message cannot be read.</exception>
    public static Input Read(InboxMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Input.Span, FacultyJson.Default.Input) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new JournalException(
                $"The inbox message {message.Arrival} cannot be read ({e.Message}): another version wrote it. "
                    + "Process it with that version, or delete its row in the table aime_inbox.",
                e
            );
        }
    }
}
