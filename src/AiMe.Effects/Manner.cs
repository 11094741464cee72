using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>How a kind of model is spoken to.</summary>
internal interface IPromptFormat
{
    /// <summary>What a model is asked for when it is to reflect.</summary>
    string ReflectionRequest { get; }

    /// <summary>The form in which a reflection is wanted; null for plain text.</summary>
    ChatResponseFormat? ReflectionForm { get; }

    /// <summary>What a model is asked for when it is to form an insight.</summary>
    string InsightRequest { get; }

    /// <summary>A prompt as chat messages.</summary>
    List<ChatMessage> Messages(Prompt prompt, Charter charter);

    /// <summary>A reply to the request of a reflection.</summary>
    /// <exception cref="ProviderException">It is not of the form that was asked for.</exception>
    ReflectionGenerated Reflection(GenerateReflection asked, string reply, ChatResponse response);
}

/// <summary>A model that knows each part and each task by a token of its own.</summary>
internal sealed class NanoPromptFormat : IPromptFormat
{
    public string ReflectionRequest =>
        "How does this answer serve your goals, and what could you do better? Answer in one or two sentences.";

    public ChatResponseFormat? ReflectionForm => null;

    public string InsightRequest => HostedPromptFormat.Insight;

    public List<ChatMessage> Messages(Prompt prompt, Charter charter) => Effects.ChatMessages.Of(prompt);

    public ReflectionGenerated Reflection(GenerateReflection asked, string reply, ChatResponse response) =>
        new(asked.Draft, asked.Attempt, reply);
}
