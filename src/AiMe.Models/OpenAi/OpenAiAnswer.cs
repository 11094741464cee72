using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>An answer as it is put together from one reply, or from the pieces of a stream.</summary>
internal sealed class OpenAiAnswer(ReasoningMarks marks, ReasoningHabit habit)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly StringBuilder _refusal = new();
    private readonly ImmutableArray<OpenAiToken>.Builder _tokens = ImmutableArray.CreateBuilder<OpenAiToken>();
    private int _told;

    /// <summary>Null until it is given.</summary>
    public string? Finish { get; private set; }

    public UsageDetails? Usage { get; private set; }

    public string Refusal => _refusal.ToString();

    /// <summary>Whether any text has come, if only blanks.</summary>
    public bool HasText => _text.Length > 0;

    /// <summary>The model that the answer names; null for none.</summary>
    public string? Model { get; private set; }

    /// <summary>The server's mark of what answers; null for none.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>Adds a reply or a piece.</summary>
    public void Add(OpenAiReply piece)
    {
        _text.Append(piece.Text);
        _reasoning.Append(piece.Reasoning);
        _refusal.Append(piece.Refusal);
        _tokens.AddRange(piece.Tokens);
        (Model, Fingerprint) = (Model ?? piece.Model, Fingerprint ?? piece.Fingerprint);
        (Finish, Usage) = (piece.Finish ?? Finish, piece.Usage ?? Usage);
    }

    /// <summary>The stream said that it has ended, without a reason. Without any text, that is no answer.</summary>
    public void EndWithoutReason() => Finish ??= HasText || _reasoning.Length > 0 ? "stop" : null;

    /// <summary>Whether the model itself ended the answer, for all that the server says; an answer without text is then one.</summary>
    public bool IsEndedByModel => Finish is not (null or "length" or "content_filter" or "tool_calls" or "function_call" or "error");

    /// <summary>The part of the answer that has become certain since the last call.</summary>
    public string Next()
    {
        var answer = Split(ended: false).Answer;
        if (answer.Length <= _told)
            return "";
        var next = answer[_told..];
        _told = answer.Length;
        return next;
    }

    /// <summary>The whole answer.</summary>
    public FinishedAnswer Ended()
    {
        var split = Split(ended: true);
        var own = _reasoning.ToString().Trim();
        return new(
            split.Answer,
            string.Join('\n', new[] { own, split.Reasoning }.Where(r => r.Length > 0)),
            split.Open || own.Length > 0 || split.Reasoning.Length > 0 || Usage?.ReasoningTokenCount > 0,
            split,
            _tokens.ToImmutable()
        );
    }

    // A server that takes reasoning apart itself leaves none without an opening mark.
    private ReasonedText Split(bool ended) =>
        ReasoningText.Split(
            _text.ToString(),
            marks,
            _reasoning.Length > 0 && habit == ReasoningHabit.Unknown ? ReasoningHabit.Plain : habit,
            ended,
            Finish == "length"
        );
}

/// <summary>An answer that has ended.</summary>
/// <param name="Reasoned">Whether the model reasoned, even if the server does not show it.</param>
/// <param name="Split">The text as it was taken apart.</param>
internal sealed record FinishedAnswer(string Text, string Reasoning, bool Reasoned, ReasonedText Split, ImmutableArray<OpenAiToken> Tokens)
{
    /// <summary>What it tells of the habit of its model, given what was known before.</summary>
    public ReasoningHabit HabitAfter(ReasoningHabit before, bool cut) =>
        Split.Prefilled ? ReasoningHabit.Prefilled
        : before == ReasoningHabit.Unknown && (!cut || Reasoning.Length > 0) ? ReasoningHabit.Plain
        : before;

    /// <summary>Log-probability and alternatives of the text.</summary>
    public AdditionalPropertiesDictionary? Measured => OpenAiTokens.Measured(Tokens, Text, Reasoned);
}
