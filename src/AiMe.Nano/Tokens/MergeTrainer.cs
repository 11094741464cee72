namespace AiMe.Nano.Tokens;

/// <summary>
/// Learns merges: repeatedly, the most frequent pair of neighbouring tokens becomes a token. Ties go to the pair with
/// the lower left id, then the lower right id.
/// </summary>
/// <remarks>
/// Source: Sennrich, Haddow and Birch (2016), on bytes as in GPT-2. Pairs that occur once are not merged.
/// </remarks>
internal sealed class MergeTrainer
{
    private readonly List<(List<int> Tokens, int Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _wordsOf = [];

    /// <summary>Counts pieces of text (token ids, each with its count); their order does not matter.</summary>
    public MergeTrainer(IEnumerable<(List<int> Tokens, int Count)> pieces)
    {
        foreach (var (tokens, count) in pieces)
        {
            _words.Add((tokens, count));
            for (var i = 0; i + 1 < tokens.Count; i++)
                Count((tokens[i], tokens[i + 1]), count, _words.Count - 1);
        }
    }

    /// <summary>At most that many merges, in order; merge i makes the id <paramref name="firstId"/> + i.</summary>
    public List<(int Left, int Right)> Learn(int merges, int firstId)
    {
        var learned = new List<(int Left, int Right)>();
        while (learned.Count < merges && Best() is { } best)
        {
            foreach (var word in _wordsOf[best])
                Merge(word, best, firstId + learned.Count);
            _wordsOf.Remove(best);
            _counts.Remove(best);
            learned.Add(best);
        }

        return learned;
    }

    private (int Left, int Right)? Best()
    {
        (int Left, int Right)? best = null;
        long most = 1;
        foreach (var (pair, count) in _counts) // the order of a dictionary does not matter: the comparison is total
        {
            if (count > most || (count == most && best is { } b && pair.CompareTo(b) < 0))
                (best, most) = (pair, count);
        }

        return best;
    }

    private void Merge(int word, (int Left, int Right) pair, int id)
    {
        var (tokens, count) = _words[word];
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i] != pair.Left || tokens[i + 1] != pair.Right)
                continue;
            if (i > 0)
            {
                Count((tokens[i - 1], pair.Left), -count, word);
                Count((tokens[i - 1], id), count, word);
            }

            if (i + 2 < tokens.Count)
            {
                Count((pair.Right, tokens[i + 2]), -count, word);
                Count((id, tokens[i + 2]), count, word);
            }

            tokens[i] = id;
            tokens.RemoveAt(i + 1);
        }
    }

    private void Count((int Left, int Right) pair, int change, int word)
    {
        _counts[pair] = _counts.GetValueOrDefault(pair) + change;
        if (change < 0)
            return;
        if (!_wordsOf.TryGetValue(pair, out var words))
            _wordsOf[pair] = words = [];
        words.Add(word);
    }
}
