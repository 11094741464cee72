using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>A sampled token and its alternatives, most likely first.</summary>
internal readonly record struct OpenAiToken(Alternative Sampled, ImmutableArray<Alternative> Others);

/// <summary>Measures an answer's tokens.</summary>
internal static class OpenAiTokens
{
    /// <summary>
    /// The log-probability of an answer and the alternatives of its first token; null if the server returns none, or if
    /// the tokens of the answer cannot be told from those of the reasoning.
    /// </summary>
    /// <param name="reasoned">Whether the tokens may include those of reasoning.</param>
    public static AdditionalPropertiesDictionary? Measured(ImmutableArray<OpenAiToken> tokens, string answer, bool reasoned)
    {
        if (tokens.IsEmpty || (reasoned ? AnswerAt(tokens, answer) : 0) is not { } from)
            return null;
        var nats = 0.0;
        foreach (var token in tokens.AsSpan()[from..])
            nats += token.Sampled.Nats is <= 0 and > double.NegativeInfinity ? token.Sampled.Nats : double.NaN;
        AdditionalPropertiesDictionary measured = new() { [Parts.Nats] = nats };
        if (tokens.Skip(from).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t.Sampled.Text)) is { Others.IsDefaultOrEmpty: false } first)
            measured[Parts.Alternatives] = first.Others;
        return measured;
    }

    // The first token of the answer: the tokens from there on are its text, and at most marks of the end.
    private static int? AnswerAt(ImmutableArray<OpenAiToken> tokens, string answer)
    {
        answer = answer.Trim();
        if (answer.Length == 0)
            return null;
        StringBuilder text = new();
        foreach (var token in tokens)
            text.Append(token.Sampled.Text);
        var whole = text.ToString();
        var begins = whole.LastIndexOf(answer, StringComparison.Ordinal);
        if (begins < 0 || !IsEnd(whole.AsSpan(begins + answer.Length)))
            return null;
        var at = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            var next = at + tokens[i].Sampled.Text.Length;
            if (next > begins)
                return whole.AsSpan(at, begins - at).IsWhiteSpace() ? i : null; // else a token of both
            at = next;
        }

        return null;
    }

    private static bool IsEnd(ReadOnlySpan<char> rest)
    {
        rest = rest.Trim();
        return rest.IsEmpty || rest is "</s>" || rest.StartsWith("<|") && rest.EndsWith("|>") && rest.Count('<') == 1;
    }
}
