using System.Collections.Immutable;
using System.Text;
using AiMe.Nano.Tokens.Bpe;

namespace AiMe.Models.Nano;

/// <summary>The prompts of a chat model: parts as messages in its template.</summary>
/// <remarks>
/// Charter, self-model and recalled memories are one system message; an internal drive and the request for a reflection
/// or an insight are user messages. A special token comes from the template alone: a message that has its text does not
/// get the token. The text of an answer is encoded by itself, after the tokens of the prompt.
/// </remarks>
public sealed class ChatPrompt : TokenPrompt
{
    private readonly BpeTokenizer _tokenizer;
    private readonly ChatTemplate _template;

    /// <summary>Creates the format.</summary>
    /// <param name="stop">Further tokens that end a text, such as the model's end of text.</param>
    /// <exception cref="FormatException">The tokenizer has no token that the template ends an answer with.</exception>
    public ChatPrompt(BpeTokenizer tokenizer, ChatTemplate template, int context, IEnumerable<int> stop)
        : base(tokenizer, context)
    {
        (_tokenizer, _template) = (tokenizer, template);
        int[] ends = [.. stop];
        if (template.End.Length > 0)
        {
            End = tokenizer.Find(template.End)
                ?? throw new FormatException(
                    $"the chat template {template.Name} ends an answer with {template.End}, which the tokenizer does not have"
                );
            Stop = [.. ends.Append(End).Distinct()];
            return;
        }

        // An answer of a base model ends with its line.
        var newlines = Enumerable.Range(0, tokenizer.VocabularySize).Where(id => tokenizer.DecodeBytes([id]).Contains((byte)'\n'));
        End = ends.Length > 0 ? ends[0] : tokenizer.Encode("\n")[0];
        Stop = [.. ends.Concat(newlines).Distinct()];
    }

    /// <summary>The template of the family.</summary>
    public ChatTemplate Template => _template;

    /// <inheritdoc />
    public override ImmutableArray<int> Stop { get; }

    /// <inheritdoc />
    public override int End { get; }

    /// <inheritdoc />
    public override int? Beginning => _template.Begin.Length > 0 ? _tokenizer.Find(_template.Begin) : null;

    private protected override List<int> Render(IReadOnlyList<MessagePart> parts, TextTask task)
    {
        List<int> tokens = [];
        StringBuilder text = new();
        Mark(_template.Begin);
        foreach (var (role, content, open) in Turns(parts))
        {
            Mark(role.Open);
            text.Append(role == _template.Assistant ? Said(content) : content);
            if (!open)
                Mark(role.Close);
        }

        if (parts.Count == 0 || parts[^1].Part != Parts.Stem)
            Mark(_template.Assistant.Open);
        Flush();
        return tokens;

        // The template's own marks: what is a special token of the model becomes one.
        void Mark(string mark)
        {
            while (Special(mark) is var (before, token, after))
            {
                text.Append(before);
                Flush();
                tokens.Add(token);
                mark = after;
            }

            text.Append(mark);
        }

        void Flush()
        {
            if (text.Length > 0)
                tokens.AddRange(_tokenizer.Encode(text.ToString()));
            text.Clear();
        }
    }

    /// <inheritdoc />
    public override int[] Continuation(string text) => text.Length == 0 ? [] : base.Continuation(Said(text));

    // SentencePiece puts the blank by itself.
    private string Said(string answer) => _template.BlankBeforeAnswer && !_tokenizer.PutsBlankFirst ? $" {answer}" : answer;

    private IEnumerable<(TurnMarks Marks, string Content, bool Open)> Turns(IReadOnlyList<MessagePart> parts)
    {
        string[] system = [.. parts.Where(p => IsSystem(p.Part)).Select(p => p.Text).Where(t => t.Length > 0)];
        if (system.Length > 0)
            yield return (_template.System, string.Join("\n\n", system), Open: false);
        else if (_template.DefaultSystem is { } standard)
            yield return (_template.System, standard, Open: false);
        foreach (var part in parts.Where(p => !IsSystem(p.Part)))
        {
            var said = part.Part is Parts.Answer or Parts.Stem or Parts.Reflection;
            yield return (said ? _template.Assistant : _template.User, part.Text, Open: part.Part == Parts.Stem);
        }
    }

    private static bool IsSystem(string part) => part is Parts.Charter or Parts.SelfModel or Parts.Recalled;

    // The first special token in a mark, and what is around it.
    private (string Before, int Token, string After)? Special(string mark)
    {
        (string, int, string)? found = null;
        var first = int.MaxValue;
        foreach (var special in _tokenizer.Specials)
        {
            var at = mark.IndexOf(special, StringComparison.Ordinal);
            if (at < 0 || at >= first)
                continue;
            first = at;
            found = (mark[..at], _tokenizer.Special(special), mark[(at + special.Length)..]);
        }

        return found;
    }
}
