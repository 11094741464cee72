namespace AiMe.Nano.Tokens.Bpe;

/// <summary>Tokens that are found in a text before it is cut into pieces: the longest at the leftmost place.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, List<(string Text, int Id)>> _byFirst = [];

    /// <param name="tokens">Texts, none empty.</param>
    public AddedTokens(IEnumerable<(string Text, int Id)> tokens)
    {
        foreach (var token in tokens.OrderByDescending(t => t.Text.Length))
        {
            if (!_byFirst.TryGetValue(token.Text[0], out var list))
                _byFirst[token.Text[0]] = list = [];
            list.Add(token);
        }
    }

    /// <summary>The text in parts: between two tokens, and the tokens, whose text is null.</summary>
    public IEnumerable<(string? Text, int Id)> Split(string text)
    {
        var start = 0;
        for (var i = 0; _byFirst.Count > 0 && i < text.Length; )
        {
            if (At(text, i) is not var (token, id))
            {
                i++;
                continue;
            }

            if (i > start)
                yield return (text[start..i], 0);
            yield return (null, id);
            start = i += token.Length;
        }

        if (start < text.Length)
            yield return (text[start..], 0);
    }

    private (string Text, int Id)? At(string text, int at)
    {
        if (_byFirst.TryGetValue(text[at], out var list))
        {
            foreach (var token in list)
            {
                if (text.AsSpan(at).StartsWith(token.Text, StringComparison.Ordinal))
                    return token;
            }
        }

        return null;
    }
}
