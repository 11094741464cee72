using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>
/// Training examples as the API reads them: JSON Lines of chat messages, with the same wording as in prompts.
/// </summary>
public static class OpenAiDataset
{
    /// <summary>
    /// One line an example, <c>{"messages": [{"role", "content"}, ...]}</c>, the last message the assistant's.
    /// </summary>
    public static byte[] Write(IEnumerable<IReadOnlyList<ChatMessage>> examples)
    {
        using var stream = new MemoryStream();
        foreach (var example in examples)
        {
            using (var json = new Utf8JsonWriter(stream, OpenAiRequest.Readable))
            {
                json.WriteStartObject();
                OpenAiRequest.WriteMessages(json, example);
                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }
}
