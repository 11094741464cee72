using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>The prompt format of a kind of model.</summary>
internal interface IPromptFormat
{
    /// <summary>The request for a reflection, and the response format; null for plain text.</summary>
    /// <param name="form">Null for the usual one.</param>
    (string Text, ChatResponseFormat? Format) ReflectionRequest(ReflectionForm? form);

    /// <summary>The request for an insight.</summary>
    string InsightRequest { get; }

    /// <summary>A prompt as chat messages.</summary>
    List<ChatMessage> Messages(Prompt prompt, Charter charter);

    /// <summary>Parses the reply to a reflection request.</summary>
    /// <exception cref="ProviderException">It does not have the requested form.</exception>
    ReflectionGenerated Reflection(GenerateReflection asked, string reply, ChatResponse response);
}

/// <summary>The prompt format of nano, which has a special token for each part and each task.</summary>
internal sealed class NanoPromptFormat : IPromptFormat
{
    public const string PlainReflection =
        "How does this answer serve your goals, and what could you do better? Answer in one or two sentences.";

    public (string Text, ChatResponseFormat? Format) ReflectionRequest(ReflectionForm? form) => (PlainReflection, null);

    public string InsightRequest => HostedPromptFormat.Insight;

    public List<ChatMessage> Messages(Prompt prompt, Charter charter) => Effects.ChatMessages.Of(prompt);

    public ReflectionGenerated Reflection(GenerateReflection asked, string reply, ChatResponse response) =>
        new(asked.Draft, asked.Attempt, reply);
}
