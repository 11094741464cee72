using Microsoft.Extensions.AI;

namespace AiMe.Examples.Tests;

/// <summary>A chat client that needs no network: it answers by rule, and fails at calls that a test names.</summary>
internal sealed class ScriptedChat(Func<int, bool>? fails = null) : IChatClient
{
    private int _calls;

    public int Calls => _calls;

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        if (fails?.Invoke(Interlocked.Increment(ref _calls)) == true)
            throw new HttpRequestException("the line is dead");
        var asked = messages.Last().Text;
        var text =
            options?.ResponseFormat is ChatResponseFormatJson
                ? """{"reflection": "I said it well.", "alignment": 0.5, "quality": 0.75}"""
                : $"I heard {asked.Length} signs.";
        return Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
            {
                ModelId = options?.ModelId,
                FinishReason = ChatFinishReason.Stop,
                Usage = new UsageDetails { OutputTokenCount = 8 },
            }
        );
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}

/// <summary>An embedder that counts letters.</summary>
internal sealed class LetterEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Of(v)))));

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }

    private static float[] Of(string text)
    {
        var counts = new float[26];
        foreach (var letter in text.ToLowerInvariant().Where(char.IsAsciiLetterLower))
            counts[letter - 'a']++;
        counts[0] += 0.5f;
        return counts;
    }
}
