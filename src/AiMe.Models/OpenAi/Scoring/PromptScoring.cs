using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>Scores text by vLLM's <c>prompt_logprobs</c>: the text is the last message of a chat, and is continued.</summary>
internal sealed class PromptScoring(OpenAiServer server, ScoringCalls calls) : IScoringWay
{
    private const int MostPrompts = 512;

    private readonly ConcurrentDictionary<(string Model, string Prompt), ImmutableArray<long>> _prompts = [];

    /// <inheritdoc />
    public async Task<TextScore> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        string text,
        CancellationToken cancellationToken
    )
    {
        var chat = ScoredChat.Of(messages, text, server.Options.Names);
        var (whole, leftOut) = await AskAsync(model, chat.Whole, continued: true, cancellationToken);
        var prompt = await PromptAsync(model, chat.Without(leftOut), cancellationToken);
        var from = calls.Boundary(model, [.. prompt], [.. whole.Select(t => t.Id)], text, server.Options.Names);
        return new TextScore(whole.Skip(from).Select(t => t.Nats).Sum(), whole.Length - from);
    }

    // Where the text begins is where the tokens of the prompt alone end.
    private async Task<ImmutableArray<long>> PromptAsync(string model, ScoredChat chat, CancellationToken cancellationToken)
    {
        var key = (model, chat.Key);
        if (_prompts.TryGetValue(key, out var known))
            return known;
        var (tokens, _) = await AskAsync(model, chat.Prompt, chat.IsContinued, cancellationToken);
        if (_prompts.Count >= MostPrompts)
            _prompts.Clear();
        return _prompts[key] = [.. tokens.Select(t => t.Id)];
    }

    private async Task<ScoredTokens.Chat> AskAsync(
        string model,
        ImmutableArray<(string Role, string? Name, string Content)> messages,
        bool continued,
        CancellationToken cancellationToken
    )
    {
        return await calls.AskAsync(
            model,
            new OpenAiCall("POST", "chat/completions"),
            ScoringRequest.Chat(model, messages, continued),
            messages.Sum(m => (long)m.Content.Length),
            ScoredTokens.OfPrompt,
            cancellationToken
        ) ?? throw server.Failure(model, "its answer has no prompt_logprobs, so it scores no given text in this way", forGood: true);
    }
}
