using System.Collections.Concurrent;
using System.Text;

namespace AiMe.Nano.Tokens;

/// <summary>
/// Byte-level byte-pair encoding. Ids: the special tokens in the order given, then the 256 bytes, then one a merge.
/// Every sequence of bytes can be encoded and decoded without loss. Safe for concurrent callers.
/// </summary>
public sealed partial class Tokenizer : ITextTokenizer
{
    private const int CachedPieces = 1 << 16;
    private readonly string[] _specials;
    private readonly (int Left, int Right)[] _merges;
    private readonly Dictionary<(int Left, int Right), int> _ranks = [];
    private readonly byte[][] _bytes; // of each id; none for specials
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal); // by the piece's bytes as Latin-1

    private Tokenizer(string[] specials, (int Left, int Right)[] merges)
    {
        (_specials, _merges) = (specials, merges);
        _bytes = new byte[FirstMerge + merges.Length][];
        for (var i = 0; i < specials.Length; i++)
            _bytes[i] = [];
        for (var b = 0; b < 256; b++)
            _bytes[specials.Length + b] = [(byte)b];
        for (var m = 0; m < merges.Length; m++)
        {
            _bytes[FirstMerge + m] = [.. _bytes[merges[m].Left], .. _bytes[merges[m].Right]];
            _ranks.Add(merges[m], m);
        }
    }

    /// <summary>Ids in use: [0, VocabularySize).</summary>
    public int VocabularySize => _bytes.Length;

    /// <summary>The special tokens; the index is the id.</summary>
    public IReadOnlyList<string> Specials => _specials;

    private int FirstMerge => _specials.Length + 256;

    /// <summary>Learns a vocabulary.</summary>
    /// <param name="texts">The training texts; their order does not matter.</param>
    /// <param name="vocabularySize">
    /// At least 256 and the specials; fewer ids are used if no pair occurs twice any more.
    /// </param>
    /// <param name="specials">
    /// Different texts of the form &lt;|name|&gt;, which no merge can make. Ordinary text never gives them: add their
    /// ids yourself.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The size is too small, or a special token has another form or is repeated.
    /// </exception>
    public static Tokenizer Train(IEnumerable<string> texts, int vocabularySize, IReadOnlyList<string> specials)
    {
        var first = specials.Count + 256;
        if (vocabularySize < first)
            throw new ArgumentException($"a vocabulary of 256 bytes and {specials.Count} special tokens cannot have {vocabularySize} ids");
        if (!specials.All(IsSpecial) || specials.Distinct(StringComparer.Ordinal).Count() != specials.Count)
            throw new ArgumentException("special tokens must differ and have the form <|name|>, the name being ASCII letters and digits");

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
            for (int n; !rest.IsEmpty; rest = rest[n..])
            {
                n = Pieces.Next(rest);
                var piece = Encoding.Latin1.GetString(rest[..n]);
                counts[piece] = counts.GetValueOrDefault(piece) + 1;
            }
        }

        var words = counts.Select(p => (p.Key.Select(b => specials.Count + b).ToList(), p.Value));
        return new Tokenizer([.. specials], [.. new MergeTrainer(words).Learn(vocabularySize - first, first)]);
    }

    /// <summary>The id of a special token.</summary>
    /// <exception cref="ArgumentException">There is no such special token.</exception>
    public int Special(string text)
    {
        var id = Array.IndexOf(_specials, text);
        return id >= 0
            ? id
            : throw new ArgumentException($"there is no special token \"{text}\"; there are: {string.Join(", ", _specials)}");
    }

    /// <summary>Ordinary ids of a text's UTF-8 bytes; an unpaired surrogate becomes U+FFFD.</summary>
    public int[] Encode(string text) => EncodeBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Ordinary ids of any bytes.</summary>
    public int[] EncodeBytes(ReadOnlySpan<byte> bytes)
    {
        var ids = new List<int>(bytes.Length / 2);
        for (int n; !bytes.IsEmpty; bytes = bytes[n..])
        {
            n = Pieces.Next(bytes);
            ids.AddRange(Piece(bytes[..n]));
        }

        return [.. ids];
    }

    /// <summary>The text of ids. Special tokens give no text; bytes that are not UTF-8 give U+FFFD.</summary>
    /// <exception cref="ArgumentException">An id is outside the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids) => Encoding.UTF8.GetString(DecodeBytes(ids));

    /// <summary>The bytes of ids. Special tokens give none.</summary>
    /// <exception cref="ArgumentException">An id is outside the vocabulary.</exception>
    public byte[] DecodeBytes(IEnumerable<int> ids)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)_bytes.Length)
                throw new ArgumentException($"token id {id} is outside the vocabulary of {_bytes.Length}");
            bytes.AddRange(_bytes[id]);
        }

        return [.. bytes];
    }

    private static bool IsSpecial(string text) =>
        text.Length > 4
        && text.StartsWith("<|", StringComparison.Ordinal)
        && text.EndsWith("|>", StringComparison.Ordinal)
        && text[2..^2].All(char.IsAsciiLetterOrDigit);

    private int[] Piece(ReadOnlySpan<byte> piece)
    {
        var key = Encoding.Latin1.GetString(piece);
        if (_cache.TryGetValue(key, out var known))
            return known;
        var ids = new List<int>(piece.Length);
        foreach (var b in piece)
            ids.Add(_specials.Length + b);
        while (Earliest(ids) is var rank && rank < int.MaxValue)
            Apply(ids, rank);
        int[] result = [.. ids];
        if (_cache.Count < CachedPieces)
            _cache.TryAdd(key, result);
        return result;
    }

    private int Earliest(List<int> ids)
    {
        var best = int.MaxValue;
        for (var i = 0; i + 1 < ids.Count; i++)
            best = Math.Min(best, _ranks.GetValueOrDefault((ids[i], ids[i + 1]), int.MaxValue));
        return best;
    }

    /// <summary>Merges every occurrence of one pair, from the left.</summary>
    private void Apply(List<int> ids, int rank)
    {
        var (left, right) = _merges[rank];
        var kept = 0;
        for (var i = 0; i < ids.Count; i++)
        {
            var pair = i + 1 < ids.Count && ids[i] == left && ids[i + 1] == right;
            ids[kept++] = pair ? FirstMerge + rank : ids[i];
            if (pair)
                i++;
        }

        ids.RemoveRange(kept, ids.Count - kept);
    }
}
