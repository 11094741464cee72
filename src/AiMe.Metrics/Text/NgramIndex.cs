namespace AiMe.Metrics.Text;

/// <summary>
/// The set of n-grams of a corpus. It only grows; adding a text that is already in it changes nothing.
/// </summary>
/// <remarks>
/// Keeps a 64-bit FNV-1a hash of each n-gram instead of its text, so that a million of them take some 20 MB; the chance
/// that any two of a million collide is below 1e-7. Not safe for writing from two threads.
/// </remarks>
public sealed class NgramIndex
{
    private readonly HashSet<ulong> _hashes = [];

    /// <summary>An empty index of n-grams.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is below 1.</exception>
    public NgramIndex(int n = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        N = n;
    }

    /// <summary>Words per n-gram.</summary>
    public int N { get; }

    /// <summary>Distinct n-grams in the index.</summary>
    public int Count => _hashes.Count;

    /// <summary>An index of the n-grams of texts.</summary>
    public static NgramIndex Of(IEnumerable<string> texts, int n = 4)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var index = new NgramIndex(n);
        foreach (var text in texts)
            index.Add(text);
        return index;
    }

    /// <summary>Adds the n-grams of one text.</summary>
    public void Add(string text)
    {
        foreach (var gram in Ngrams.Of(WordTokenizer.Of(text), N))
            _hashes.Add(Hash(gram));
    }

    /// <summary>Whether the corpus holds this n-gram, spelt as <see cref="Ngrams"/> spells it.</summary>
    public bool Contains(string gram) => _hashes.Contains(Hash(gram));

    private static ulong Hash(string gram)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in gram)
        {
            hash = (hash ^ (byte)unit) * 1099511628211UL;
            hash = (hash ^ (byte)(unit >> 8)) * 1099511628211UL;
        }

        return hash;
    }
}
