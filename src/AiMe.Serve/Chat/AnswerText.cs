using System.Collections.Immutable;
using System.Text;
using AiMe.Nano;

namespace AiMe.Serve.Chat;

/// <summary>A token with the text that it completes.</summary>
/// <param name="Text">May be empty if a character needs more tokens; the texts of all tokens are the text.</param>
internal sealed record AnswerPiece(DrawnToken Drawn, string Text, byte[] Bytes);

/// <summary>Turns tokens into text as they come, and ends it before a stop string, also one across tokens.</summary>
/// <param name="bytesOf">The bytes of a token.</param>
internal sealed class AnswerText(Func<int, byte[]> bytesOf, ImmutableArray<string> stops)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();
    private readonly List<AnswerPiece> _pieces = [];
    private int _given,
        _givenLength;

    /// <summary>Whether a stop string ended it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Its tokens so far.</summary>
    public IReadOnlyList<AnswerPiece> Pieces => _pieces;

    /// <summary>Adds a token; false if a stop string ends the text.</summary>
    public bool Add(DrawnToken drawn)
    {
        var bytes = bytesOf(drawn.Token);
        Append(new AnswerPiece(drawn, Decode(bytes, flush: false), bytes));
        return !IsStopped;
    }

    /// <summary>Ends the text: bytes that are no whole character become U+FFFD.</summary>
    public void End()
    {
        if (IsStopped || Decode([], flush: true) is not { Length: > 0 } rest || _pieces.Count == 0)
            return;
        var last = _pieces[^1];
        _pieces[^1] = last with { Text = last.Text + rest };
        _text.Append(rest);
    }

    /// <summary>The next tokens that no stop string can take back.</summary>
    /// <param name="isEnd">Whether the text has ended, and nothing can be taken back any more.</param>
    public ImmutableArray<AnswerPiece> Take(bool isEnd)
    {
        var safe = isEnd ? _text.Length : _text.Length - Held();
        var builder = ImmutableArray.CreateBuilder<AnswerPiece>();
        for (; _given < _pieces.Count; _given++)
        {
            if (
                _givenLength + _pieces[_given].Text.Length > safe
                || !isEnd && _given == _pieces.Count - 1 && _pieces[_given].Text.Length == 0
            )
                break;
            _givenLength += _pieces[_given].Text.Length;
            builder.Add(_pieces[_given]);
        }

        return builder.ToImmutable();
    }

    private void Append(AnswerPiece piece)
    {
        var before = _text.Length;
        _text.Append(piece.Text);
        _pieces.Add(piece);
        if (stops.IsEmpty)
            return;
        var from = Math.Max(0, before - stops.Max(s => s.Length) + 1);
        var tail = _text.ToString(from, _text.Length - from);
        var at = stops.Select(s => tail.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (at >= 0)
            Cut(from + at);
    }

    // Tokens that begin after the cut are removed; one that stands across it keeps its beginning.
    private void Cut(int length)
    {
        IsStopped = true;
        _text.Length = length;
        var end = 0;
        for (var i = 0; i < _pieces.Count; i++)
        {
            if (end + _pieces[i].Text.Length > length || end == length)
            {
                if (end < length)
                {
                    var text = _pieces[i].Text[..(length - end)];
                    _pieces[i] = _pieces[i] with { Text = text, Bytes = Encoding.UTF8.GetBytes(text) };
                    i++;
                }

                _pieces.RemoveRange(i, _pieces.Count - i);
                return;
            }

            end += _pieces[i].Text.Length;
        }
    }

    // Length of the longest end of the text that a stop string begins with.
    private int Held()
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var n = Math.Min(stop.Length - 1, _text.Length); n > longest; n--)
            {
                if (stop.StartsWith(_text.ToString(_text.Length - n, n), StringComparison.Ordinal))
                    longest = n;
            }
        }

        return longest;
    }

    private string Decode(byte[] bytes, bool flush)
    {
        var chars = new char[bytes.Length + 4];
        return new string(chars, 0, _decoder.GetChars(bytes, chars, flush));
    }
}
