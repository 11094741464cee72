using System.Collections.Immutable;
using AiMe.Nano;
using AiMe.Serve.Models;

namespace AiMe.Serve.Chat;

/// <summary>One sampled text.</summary>
/// <param name="Drawn">Drawn tokens, those of a stop string included.</param>
/// <param name="Finish"><c>stop</c> or <c>length</c>.</param>
internal sealed record GeneratedChoice(string Text, ImmutableArray<AnswerPiece> Pieces, int Drawn, string Finish);

/// <summary>Samples texts for a request.</summary>
internal static class TextGeneration
{
    /// <summary>Samples one text; blocks its thread while it computes.</summary>
    /// <param name="likeliest">Number of likeliest tokens that are given with each token.</param>
    /// <param name="give">Receives tokens that no stop string can take back any more; may be null.</param>
    /// <exception cref="OperationCanceledException">The request was given up.</exception>
    public static GeneratedChoice Run(
        IServedFamily family,
        Model model,
        Prefix prefix,
        TextRequest request,
        int choice,
        int likeliest,
        Action<ImmutableArray<AnswerPiece>>? give,
        CancellationToken cancellationToken
    )
    {
        var (text, drawn) = (new AnswerText(family.BytesOf, request.Stops), 0);
        var generated = model.Generate(prefix, request.Options with { Stop = family.Stop }, request.SeedOf(choice), likeliest, token =>
        {
            drawn++;
            var goesOn = text.Add(token) && !cancellationToken.IsCancellationRequested;
            Give(isEnd: false);
            return goesOn;
        });
        cancellationToken.ThrowIfCancellationRequested();
        text.End();
        Give(isEnd: true);
        var ended = text.IsStopped || generated.Finish == FinishReason.Stop;
        return new(text.Text, [.. text.Pieces], drawn, ended ? "stop" : "length");

        void Give(bool isEnd)
        {
            if (give is not null && text.Take(isEnd) is { IsEmpty: false } pieces)
                give(pieces);
        }
    }
}
