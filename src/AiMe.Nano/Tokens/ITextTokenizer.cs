namespace AiMe.Nano.Tokens;

/// <summary>Turns text into token ids and back. Safe for concurrent callers.</summary>
public interface ITextTokenizer
{
    /// <summary>Ids in use: [0, VocabularySize).</summary>
    int VocabularySize { get; }

    /// <summary>Ordinary ids of a text. What looks like a special token is ordinary text.</summary>
    int[] Encode(string text);

    /// <summary>The text of ids. Special tokens give no text; bytes that are not UTF-8 give U+FFFD.</summary>
    /// <exception cref="ArgumentException">An id is outside the vocabulary.</exception>
    string Decode(IEnumerable<int> ids);

    /// <summary>The bytes of ids, which a reader of single tokens joins before decoding. Special tokens give none.</summary>
    /// <exception cref="ArgumentException">An id is outside the vocabulary.</exception>
    byte[] DecodeBytes(IEnumerable<int> ids);

    /// <summary>The id of a special token.</summary>
    /// <exception cref="ArgumentException">There is no such special token.</exception>
    int Special(string text);

    /// <summary>The form of Hugging Face's tokenizer.json.</summary>
    byte[] ToJson();
}
