using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Lab.History;

/// <summary>The JSON of an inbox message: an input, or a person's answer on a held experience.</summary>
internal static class InputJson
{
    // an input names its kind instead
    private const string OfReview = "experience";

    public static byte[] Write(Input input) => JsonSerializer.SerializeToUtf8Bytes(input, FacultyJson.Default.Input);

    public static byte[] Write(ReviewAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, FacultyJson.Default.ReviewAnswer);

    /// <summary>The command to the supervisor.</summary>
    /// <exception cref="JournalException">The message cannot be read.</exception>
    public static SupervisorCommand Read(InboxMessage message) =>
        ReviewIn(message) is { } answer
            ? new GiveReview(message.Instance, message.Arrival, answer, message.At)
            : new Give(message.Instance, message.Arrival, As(message, FacultyJson.Default.Input), message.At);

    /// <summary>The answer in a message; null if it is an input, or cannot be read.</summary>
    public static ReviewAnswer? FindReview(InboxMessage message)
    {
        try
        {
            return ReviewIn(message);
        }
        catch (JournalException)
        {
            return null; // the host of the run reports it
        }
    }

    private static ReviewAnswer? ReviewIn(InboxMessage message)
    {
        using var json = As(message, static bytes => JsonDocument.Parse(bytes));
        return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(OfReview, out _)
            ? As(message, FacultyJson.Default.ReviewAnswer)
            : null;
    }

    private static T As<T>(InboxMessage message, JsonTypeInfo<T> type) =>
        As(message, bytes => JsonSerializer.Deserialize(bytes.Span, type) ?? throw new JsonException("it is null"));

    private static T As<T>(InboxMessage message, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(message.Input);
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
