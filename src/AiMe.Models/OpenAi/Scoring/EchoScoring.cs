using System.ClientModel;
using System.Collections.Immutable;
using AiMe.Models.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>
/// Scores text by an echo of <c>/completions</c>: of the token ids that the server's <c>/tokenize</c> gives for a chat, or, without
/// it, of a text in the model's chat template.
/// </summary>
internal sealed class EchoScoring(OpenAiServer server, ScoringCalls calls, ChatTemplate? template) : IScoringWay
{
    private volatile bool _hasNoTokenizer;

    /// <inheritdoc />
    public async Task<TextScore> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        string text,
        CancellationToken cancellationToken
    )
    {
        var chat = ScoredChat.Of(messages, text, server.Options.Names);
        return await TokensAsync(model, chat, cancellationToken) is var (prompt, whole)
            ? await OfTokensAsync(model, prompt, whole, text, cancellationToken)
            : await OfTextAsync(model, TemplateText.Of(Template(model), chat), text, cancellationToken);
    }

    private ChatTemplate Template(string model) =>
        template
        ?? throw server.Failure(
            model,
            "it has no /tokenize, so a chat cannot be scored as tokens; set model.chat-template to that of the model",
            forGood: true
        );

    // Null if the server has no such call.
    private async Task<(ImmutableArray<int> Prompt, ImmutableArray<int> Whole)?> TokensAsync(
        string model,
        ScoredChat chat,
        CancellationToken cancellationToken
    )
    {
        if (_hasNoTokenizer)
            return null;
        try
        {
            return (
                await TokensAsync(model, chat.Prompt, chat.IsContinued, cancellationToken),
                await TokensAsync(model, chat.Whole, continued: true, cancellationToken)
            );
        }
        catch (ProviderException failure) when (IsMissing(failure))
        {
            _hasNoTokenizer = true;
            return null;
        }
    }

    // There is no such call, or another one answers under its path.
    private static bool IsMissing(ProviderException failure) =>
        failure.ForGood
        && (
            failure.InnerException is null
            || OpenAiFailures.Last(failure.InnerException) is ClientResultException { Status: 404 or 405 or 501 }
        );

    private Task<ImmutableArray<int>> TokensAsync(
        string model,
        ImmutableArray<(string Role, string? Name, string Content)> messages,
        bool continued,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            model,
            new OpenAiCall("POST", "tokenize") { IsAtRoot = true },
            ScoringRequest.Tokens(model, messages, continued),
            characters: 0,
            ScoredTokens.OfTokenizer,
            cancellationToken
        );

    private async Task<TextScore> OfTokensAsync(
        string model,
        ImmutableArray<int> prompt,
        ImmutableArray<int> whole,
        string text,
        CancellationToken cancellationToken
    )
    {
        var from = calls.Boundary(model, [.. prompt.Select(t => (long)t)], [.. whole.Select(t => (long)t)], text, server.Options.Names);
        var echoed = await EchoAsync(model, ScoringRequest.Echo(model, whole), 4L * whole.Length, cancellationToken);
        return echoed.Nats.Length == whole.Length
            ? new TextScore(echoed.Nats.Skip(from).Take(whole.Length - from).Sum(), whole.Length - from)
            : throw server.Failure(
                model,
                $"it was sent {whole.Length} tokens and echoed {echoed.Nats.Length}, so it scores no given text in this way",
                forGood: true
            );
    }

    private async Task<TextScore> OfTextAsync(string model, string prompt, string text, CancellationToken cancellationToken)
    {
        var (begin, end) = (Length(prompt), Length(prompt) + Length(text));
        var echoed = await EchoAsync(model, ScoringRequest.Echo(model, prompt + text), prompt.Length + text.Length, cancellationToken);
        if (echoed.Offsets.IsEmpty || echoed.Offsets[0] >= begin || echoed.Offsets[^1] < begin)
            throw server.Failure(model, "it did not echo the prompt with the place of each token (text_offset)", forGood: true);
        // A token that begins in the prompt and ends in the text belongs to the text.
        var from = Enumerable
            .Range(1, echoed.Offsets.Length - 1)
            .First(i => (i + 1 < echoed.Offsets.Length ? echoed.Offsets[i + 1] : end) > begin);
        var to = echoed.Offsets.Length;
        while (to > from && echoed.Offsets[to - 1] >= end)
            to--;
        return new TextScore(echoed.Nats[from..to].Sum(), to - from);
    }

    private async Task<ScoredTokens.Echoed> EchoAsync(
        string model,
        OpenAiBody body,
        long characters,
        CancellationToken cancellationToken
    ) =>
        await calls.AskAsync(
            model,
            new OpenAiCall("POST", "completions"),
            body,
            characters,
            json => ScoredTokens.OfEcho(json) ?? throw new FormatException("choices[0].logprobs is missing"),
            cancellationToken
        );

    // Servers count code points.
    private static int Length(string text) => text.EnumerateRunes().Count();
}
