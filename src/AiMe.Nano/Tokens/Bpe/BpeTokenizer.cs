using System.Collections.Concurrent;
using System.Text;

namespace AiMe.Nano.Tokens.Bpe;

/// <summary>
/// Byte-pair encoding as Hugging Face's tokenizer.json describes it: byte-level (GPT-2, Llama 3, SmolLM2, Qwen2.5), or on
/// characters with bytes as fallback (Llama 2). Safe for concurrent callers.
/// </summary>
public sealed class BpeTokenizer : ITextTokenizer
{
    private const int CachedPieces = 1 << 16,
        LongestCached = 100;

    private const char Blank = '\u2581';
    private readonly byte[] _json;
    private readonly BpeRules _rules;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int> _specials;
    private readonly PairMerges _merges;
    private readonly AddedTokens _early,
        _late;
    private readonly int[] _bytes; // ids of the 256 bytes
    private readonly byte[]?[] _textOf; // of each id; none for specials, null for ids without a token
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);

    internal BpeTokenizer(BpeFile file)
    {
        (_json, _rules, _ids, _merges) = (file.Json, file.Rules, file.Ids, file.Merges);
        Beginning = file.Beginning;
        _specials = file.Added.Where(t => t.Special).ToDictionary(t => t.Text, t => t.Id, StringComparer.Ordinal);
        var ordinary = file.Added.Where(t => !t.Special).ToArray();
        _early = new AddedTokens(ordinary.Where(t => !t.Normalized).Select(t => (t.Text, t.Id)));
        _late = new AddedTokens(ordinary.Where(t => t.Normalized).Select(t => (Normal(t.Text, atStart: false), t.Id)));
        _bytes = file.Bytes;
        _textOf = new byte[]?[Math.Max(_ids.Values.Max(), file.Added.Select(t => t.Id).DefaultIfEmpty().Max()) + 1];
        foreach (var (text, id) in _ids)
            _textOf[id] = file.BytesOf(text);
        foreach (var token in file.Added)
            _textOf[token.Id] = token.Special ? [] : Encoding.UTF8.GetBytes(token.Text);
    }

    /// <summary>The special token that the model expects before every text; null for none.</summary>
    public string? Beginning { get; }

    /// <summary>Whether a text is encoded with a blank before it, as SentencePiece does.</summary>
    public bool PutsBlankFirst => _rules.Blanks != Blanks.None;

    /// <inheritdoc />
    public int VocabularySize => _textOf.Length;

    /// <summary>The special tokens, in the order of their ids.</summary>
    public IEnumerable<string> Specials => _specials.OrderBy(t => t.Value).Select(t => t.Key);

    /// <summary>Reads a tokenizer.json.</summary>
    /// <exception cref="FormatException">
    /// It is no JSON, or asks for what is not supported; the message names the key that is the reason.
    /// </exception>
    public static BpeTokenizer FromJson(byte[] json) => new(BpeFile.Read(json));

    /// <inheritdoc />
    public byte[] ToJson() => [.. _json];

    /// <inheritdoc />
    public int Special(string text) =>
        Find(text) ?? throw new ArgumentException($"there is no special token \"{text}\"; there are: {string.Join(", ", Specials)}");

    /// <summary>The id of a special token, or null.</summary>
    public int? Find(string special) => _specials.TryGetValue(special, out var id) ? id : null;

    /// <inheritdoc />
    public int[] Encode(string text)
    {
        List<int> ids = [];
        var start = true;
        foreach (var (part, token) in _early.Split(Whole(text)))
        {
            if (part is null)
                ids.Add(token);
            else
                Encode(Normal(part, start), ids);
            start = false;
        }

        return [.. ids];
    }

    /// <inheritdoc />
    public string Decode(IEnumerable<int> ids)
    {
        var text = Encoding.UTF8.GetString(DecodeBytes(ids));
        return _rules.Blanks != Blanks.None && text.StartsWith(' ') ? text[1..] : text; // the one that was put before the text
    }

    /// <inheritdoc />
    public byte[] DecodeBytes(IEnumerable<int> ids)
    {
        List<byte> bytes = [];
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)_textOf.Length)
                throw new ArgumentException($"token id {id} is outside the vocabulary of {_textOf.Length}");
            bytes.AddRange(_textOf[id] ?? []);
        }

        return [.. bytes];
    }

    // An unpaired surrogate is no character.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private string Normal(string text, bool atStart)
    {
        if (_rules.Composed)
            text = CanonicalComposition.Of(text);
        if (_rules.Blanks == Blanks.None)
            return text;
        text = text.Replace(' ', Blank);
        if (_rules.Blanks == Blanks.EachPart)
            return Blank + text;
        return atStart && !text.StartsWith(Blank) ? Blank + text : text;
    }

    private void Encode(string text, List<int> into)
    {
        foreach (var (part, token) in _late.Split(text))
        {
            if (part is null)
            {
                into.Add(token);
                continue;
            }

            foreach (var piece in Pieces(part, 0))
                into.AddRange(Piece(piece));
        }
    }

    private IEnumerable<string> Pieces(string text, int step)
    {
        if (step == _rules.Splitters.Count)
        {
            yield return text;
            yield break;
        }

        var start = 0;
        foreach (var length in _rules.Splitters[step].Lengths(text))
        {
            foreach (var piece in Pieces(text.Substring(start, length), step + 1))
                yield return piece;
            start += length;
        }
    }

    private int[] Piece(string piece)
    {
        if (_cache.TryGetValue(piece, out var known))
            return known;
        var symbols = _rules.Blanks != Blanks.None ? piece : BpeFile.LettersOf(Encoding.UTF8.GetBytes(piece));
        if (_rules.WholeFirst && _ids.TryGetValue(symbols, out var whole))
            return [whole];
        var ids = _rules.Blanks != Blanks.None ? Characters(piece) : [.. Encoding.UTF8.GetBytes(piece).Select(b => _bytes[b])];
        _merges.Apply(ids);
        int[] result = [.. ids];
        if (piece.Length <= LongestCached && _cache.Count < CachedPieces)
            _cache.TryAdd(piece, result);
        return result;
    }

    private List<int> Characters(string piece)
    {
        List<int> ids = [];
        foreach (var rune in piece.EnumerateRunes())
        {
            var character = rune.ToString();
            if (_ids.TryGetValue(character, out var id))
                ids.Add(id);
            else
                ids.AddRange(Encoding.UTF8.GetBytes(character).Select(b => _bytes[b]));
        }

        return ids;
    }
}
