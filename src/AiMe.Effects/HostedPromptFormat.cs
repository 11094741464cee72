using System.Text.Json;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>The prompt format of models that take plain text and give their scores in their reflection.</summary>
/// <param name="scored">Whether alignment and quality are measured, so that those of a reflection do not count.</param>
/// <param name="named">Whether the server is told the parts of a prompt, which then need no words around them.</param>
internal sealed class HostedPromptFormat(bool scored = false, bool named = false) : IPromptFormat
{
    public const string Insight = "What do you notice about yourself? Answer in one sentence that begins with I.";

    private const string NoAnswer = "(no answer)";

    private const string ReflectionMeaning =
        "How the answer serves the goals and who I am, and what could be better: one or two sentences, in the first person.";
    private const string AlignmentMeaning = "How well the answer fits who I am and my goals, from 0 (not at all) to 1 (wholly).";
    private const string QualityMeaning = "How well the answer is said, from 0 (unreadable) to 1 (clear, whole, no repeats).";

    // Bounds are stated in words and checked here: not every server's strict mode supports minimum and maximum.
    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "reflection": {"type": "string", "description": "{{ReflectionMeaning}}"},
            "alignment": {"type": "number", "description": "{{AlignmentMeaning}}"},
            "quality": {"type": "number", "description": "{{QualityMeaning}}"}
          },
          "required": ["reflection", "alignment", "quality"],
          "additionalProperties": false
        }
        """
    );

    private const string JsonReflection =
        "Step back from the dialogue and look at your last answer. How does it serve your goals, and what could you do better? "
        + "Reply with a JSON object and nothing else: \"reflection\", one or two sentences in the first person; "
        + "\"alignment\", how well the answer fits who you are and your goals, "
        + "a number from 0 (not at all) to 1 (wholly); \"quality\", how well it is said, a number from 0 (unreadable) to 1 "
        + "(clear and whole).";

    private static readonly ChatResponseFormat Form = ChatResponseFormat.ForJsonSchema(Schema, "reflection");

    public (string Text, ChatResponseFormat? Format) ReflectionRequest(ReflectionForm? form) =>
        form == ReflectionForm.Text ? (NanoPromptFormat.PlainReflection, null) : (JsonReflection, Form);

    public string InsightRequest => Insight;

    // The bare model gets only the stem, as in the prompt of a probe; the agent also gets its goals and rules of
    // speech.
    public List<ChatMessage> Messages(Prompt prompt, Charter charter)
    {
        var messages = Effects.ChatMessages.Of(prompt);
        // many servers refuse a message without text
        foreach (
            var i in Enumerable.Range(0, messages.Count).Where(i => Parts.Of(messages[i]) == Parts.Answer && messages[i].Text.Length == 0)
        )
            messages[i] = Parts.Message(Parts.Answer, NoAnswer);
        var at = messages.FindIndex(m => Parts.Of(m) == Parts.Charter);
        if (!named && at >= 0 && prompt.Parts.Any(p => p.Kind is not (PartKind.Charter or PartKind.Stimulus)))
            messages[at] = Parts.Message(Parts.Charter, Told(charter));
        return messages;
    }

    public ReflectionGenerated Reflection(GenerateReflection asked, string reply, ChatResponse response)
    {
        if (asked.Form == ReflectionForm.Text)
            return new ReflectionGenerated(asked.Draft, asked.Attempt, reply);
        if (response.FinishReason == ChatFinishReason.Length)
            throw new ProviderException(
                $"The reflection was truncated after {asked.Sampling.MaxTokens} tokens (finish_reason length): raise reflect.max-tokens."
            );
        try
        {
            var read = ReflectionReply.Read(reply);
            return scored
                ? new ReflectionGenerated(asked.Draft, asked.Attempt, read.Text)
                : new ReflectionGenerated(asked.Draft, asked.Attempt, read.Text, read.Alignment, read.Quality);
        }
        catch (FormatException e) when (response.Usage?.OutputTokenCount >= asked.Sampling.MaxTokens)
        {
            throw Unlike($"{e.Message}, and it has all of its {asked.Sampling.MaxTokens} tokens: raise reflect.max-tokens");
        }
        catch (FormatException e)
        {
            throw Unlike(e.Message);
        }
    }

    private static ProviderException Unlike(string why) =>
        new(
            $"The reply is not a reflection in the requested form, {{reflection, alignment, quality}}: {why}. Use a model that "
                + "supports strict JSON schemas."
        );

    internal static string Told(Charter charter) =>
        charter.Stem
        + (charter.Trade is { } trade ? $"\nMy trade: {trade}." : "")
        + Listed("\nMy goals: I want to ", charter.Goals)
        + Listed("\nWhat I value: ", charter.Values)
        + Listed("\nHow I speak: ", charter.Voice, " ", "");

    private static string Listed(string title, IReadOnlyCollection<string> items, string between = ", ", string end = ".") =>
        items.Count == 0 ? "" : title + string.Join(between, items) + end;
}
