using System.Collections.Immutable;
using AiMe.Nano;
using AiMe.Serve.Chat;
using AiMe.Serve.Models;

namespace AiMe.Serve.Completions;

/// <summary>A completion with the tokens that are shown of it.</summary>
/// <param name="Echoed">The prompt's tokens with their probabilities; empty unless it is echoed. The first has none: NaN.</param>
internal sealed record CompletionText(ImmutableArray<AnswerPiece> Echoed, GeneratedChoice Generated)
{
    /// <summary>The whole text.</summary>
    public string Text => string.Concat(Echoed.Select(p => p.Text)) + Generated.Text;

    /// <summary>The tokens of the whole text.</summary>
    public IEnumerable<AnswerPiece> Pieces => Echoed.Concat(Generated.Pieces);

    /// <summary>The texts of one prompt; blocks its thread while it computes.</summary>
    public static CompletionText[] Of(
        IServedFamily family,
        Model model,
        ImmutableArray<int> prompt,
        CompletionRequest request,
        Action<int, ImmutableArray<AnswerPiece>>? give,
        CancellationToken cancellationToken
    )
    {
        var echoed = request.IsEchoed ? Echo(family, model, prompt, request.Likeliest) : [];
        if (request.Text.Most == 0)
            return [.. Enumerable.Repeat(new CompletionText(echoed, new("", [], 0, "length")), request.Text.Choices)];
        var prefix = model.Prefill(prompt.AsSpan());
        return
        [
            .. Enumerable
                .Range(0, request.Text.Choices)
                .Select(i => new CompletionText(
                    echoed,
                    TextGeneration.Run(
                        family,
                        model,
                        prefix,
                        request.Text,
                        i,
                        request.Likeliest ?? 0,
                        give is null ? null : pieces => give(i, pieces),
                        cancellationToken
                    )
                )),
        ];
    }

    private static ImmutableArray<AnswerPiece> Echo(IServedFamily family, Model model, ImmutableArray<int> prompt, int? likeliest)
    {
        var text = new AnswerText(family.BytesOf, []);
        text.Add(new DrawnToken(prompt[0], double.NaN, []));
        if (likeliest is { } k)
        {
            foreach (var token in model.Ranked(prompt.AsSpan(), k, out _))
                text.Add(new DrawnToken(token.Token, token.LogProbability, token.Likeliest));
        }
        else
        {
            foreach (var token in prompt.AsSpan()[1..])
                text.Add(new DrawnToken(token, double.NaN, []));
        }

        text.End();
        return [.. text.Pieces];
    }
}
