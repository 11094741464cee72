using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiMe.Models;
using AiMe.Serve.Chat;
using AiMe.Serve.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Jobs;

/// <summary>The examples of a training file.</summary>
/// <param name="Rejected">The rejected answer of each example; empty unless they are preferences.</param>
internal sealed record TuningData(ImmutableArray<IReadOnlyList<ChatMessage>> Examples, ImmutableArray<string> Rejected)
{
    private const int LeastExamples = 1;

    /// <summary>Reads JSON Lines.</summary>
    /// <exception cref="ApiException">A line is wrong; the message has its number.</exception>
    public static TuningData Read(ReadOnlySpan<byte> file, string method)
    {
        var (examples, rejected) = (ImmutableArray.CreateBuilder<IReadOnlyList<ChatMessage>>(), ImmutableArray.CreateBuilder<string>());
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                    throw ApiException.Invalid("expected a JSON object");
                JsonBody.MustBeText(document.RootElement);
                var members = new RequestMembers(document.RootElement);
                if (method == TuningOrder.Dpo)
                    Preference(members, examples, rejected);
                else
                    Example(members, examples);
            }
            catch (Exception e) when (e is ApiException or JsonException or InvalidOperationException)
            {
                throw ApiException.Invalid($"Line {number} of the training file: {e.Message}", "training_file", "invalid_training_file");
            }
        }

        return examples.Count >= LeastExamples
            ? new(examples.ToImmutable(), rejected.ToImmutable())
            : throw ApiException.Invalid("The training file has no example.", "training_file", "invalid_training_file");
    }

    // Each of the assistant's messages with a weight is an example of its own, with what stands before it.
    private static void Example(RequestMembers line, ImmutableArray<IReadOnlyList<ChatMessage>>.Builder examples)
    {
        var (messages, _, weights) = RequestMessages.Read(line, "messages", isData: true);
        line.Unless("tools", t => t.ValueKind == JsonValueKind.Array && t.GetArrayLength() == 0, "this server has no tools");
        line.Ignore("parallel_tool_calls");
        line.End();
        var before = examples.Count;
        for (var i = 0; i < messages.Length; i++)
        {
            if (weights[i] && Parts.Of(messages[i]) == Parts.Answer)
                examples.Add([.. messages.Take(i + 1)]);
        }

        if (examples.Count == before)
            throw ApiException.Invalid("it has no message of the assistant with a weight above 0");
    }

    private static void Preference(
        RequestMembers line,
        ImmutableArray<IReadOnlyList<ChatMessage>>.Builder examples,
        ImmutableArray<string>.Builder rejected
    )
    {
        var input = line.Inner("input") ?? throw ApiException.Invalid("'input' is missing: expected an object with messages");
        var (messages, _, _) = RequestMessages.Read(input, "messages");
        input.Unless("tools", t => t.ValueKind == JsonValueKind.Array && t.GetArrayLength() == 0, "this server has no tools");
        input.Ignore("parallel_tool_calls");
        input.End();
        var (preferred, other) = (Answer(line, "preferred_output"), Answer(line, "non_preferred_output"));
        line.End();
        examples.Add([.. messages, Parts.Message(Parts.Answer, preferred)]);
        rejected.Add(other);
    }

    private static string Answer(RequestMembers line, string name) =>
        RequestMessages.Read(line, name).Messages is [var only] && Parts.Of(only) == Parts.Answer
            ? only.Text
            : throw ApiException.Invalid($"'{name}' must have one message, of the assistant");
}
