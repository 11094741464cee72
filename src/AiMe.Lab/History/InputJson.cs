using System.Text.Json;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Lab.History;

/// <summary>What is given beside the plan, as it stands in a letter.</summary>
internal static class InputJson
{
    public static byte[] Write(Input input) => JsonSerializer.SerializeToUtf8Bytes(input, FacultyJson.Default.Input);

    /// <exception cref="JournalException">The letter cannot be read.</exception>
    public static Input Read(InboxMessage letter)
    {
        try
        {
            return JsonSerializer.Deserialize(letter.Input.Span, FacultyJson.Default.Input) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new JournalException(
                $"The letter {letter.Arrival} in the inbox cannot be read ({e.Message}): it was put in by another "
                    + "version. Finish it with that version, or take the row out of the table aime_inbox.",
                e
            );
        }
    }
}
