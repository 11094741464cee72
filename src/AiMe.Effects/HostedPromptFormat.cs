using System.Text.Json;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>A model that is told everything in words, and gives its scores in its reflection.</summary>
internal sealed class HostedPromptFormat : IPromptFormat
{
    public const string Insight = "What do you notice about yourself? Answer in one sentence that begins with I.";

    // Bounds are told in words and checked here: not every server's strict mode knows minimum and maximum.
    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "reflection": {"type": "string", "description": "How the answer serves the goals and who I am, and what could be better: one or two sentences, in the first person."},
            "alignment": {"type": "number", "description": "How well the answer fits who I am and my goals, from 0 (not at all) to 1 (wholly)."},
            "quality": {"type": "number", "description": "How well the answer is said, from 0 (unreadable) to 1 (clear, whole, no repeats)."}
          },
          "required": ["reflection", "alignment", "quality"],
          "additionalProperties": false
        }
        """
    );

    public string ReflectionRequest =>
        "Step back from the dialogue and look at your last answer. How does it serve your goals, and what could you do better? "
        + "Reply with a JSON object and nothing else: \"reflection\", one or two sentences in the first person; "
        + "\"alignment\", how well the answer fits who you are and your goals, "
        + "a number from 0 (not at all) to 1 (wholly); \"quality\", how well it is said, a number from 0 (unreadable) to 1 "
        + "(clear and whole).";

    public ChatResponseFormat? ReflectionForm { get; } = ChatResponseFormat.ForJsonSchema(Schema, "reflection");

    public string InsightRequest => Insight;

    // The bare model is given the stem alone, and so is the prompt of a probe to it; the agent is told its goals and how it speaks too.
    public List<ChatMessage> Messages(Prompt prompt, Charter charter)
    {
        var messages = Effects.ChatMessages.Of(prompt);
        var at = messages.FindIndex(m => Parts.Of(m) == Parts.Charter);
        if (at >= 0 && prompt.Parts.Any(p => p.Kind is not (PartKind.Charter or PartKind.Stimulus)))
            messages[at] = Parts.Message(Parts.Charter, Told(charter));
        return messages;
    }

    public ReflectionGenerated Reflection(GenerateReflection asked, string reply, ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.Length)
            throw new ProviderException($"The reflection was cut off after {asked.Sampling.MaxTokens} tokens: raise reflect.max-tokens.");
        try
        {
            using var json = JsonDocument.Parse(reply);
            var root = json.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || root.EnumerateObject().Any(p => p.Name is not ("reflection" or "alignment" or "quality"))
            )
                throw Unlike("it is no object of these three alone");
            var text =
                root.TryGetProperty("reflection", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()!.Trim() : "";
            return text.Length > 0
                ? new ReflectionGenerated(asked.Draft, asked.Attempt, text, Score(root, "alignment"), Score(root, "quality"))
                : throw Unlike("it has no text of a reflection");
        }
        catch (JsonException)
        {
            throw Unlike("it is no JSON");
        }
    }

    private static double Score(JsonElement root, string name) =>
        root.TryGetProperty(name, out var score)
        && score.ValueKind == JsonValueKind.Number
        && score.GetDouble() is >= 0 and <= 1 and var value
            ? value
            : throw Unlike($"{name} is no number from 0 to 1");

    private static ProviderException Unlike(string why) =>
        new(
            $"The reply is no reflection in the form asked for, {{reflection, alignment, quality}}: {why}. A model that "
                + "knows strict JSON schemas gives it."
        );

    private static string Told(Charter charter) =>
        charter.Stem
        + Listed("\nMy goals: I want to ", charter.Goals)
        + Listed("\nWhat I value: ", charter.Values)
        + Listed("\nHow I speak: ", charter.Voice, " ", "");

    private static string Listed(string title, IReadOnlyCollection<string> items, string between = ", ", string end = ".") =>
        items.Count == 0 ? "" : title + string.Join(between, items) + end;
}
