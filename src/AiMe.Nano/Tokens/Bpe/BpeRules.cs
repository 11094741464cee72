namespace AiMe.Nano.Tokens.Bpe;

/// <summary>Whether symbols are characters with U+2581 in place of a blank, as in SentencePiece, and where one is put first.</summary>
internal enum Blanks
{
    /// <summary>Symbols are bytes, as in GPT-2.</summary>
    None,

    /// <summary>Before every part of a text between two added tokens.</summary>
    EachPart,

    /// <summary>Before the text, unless it begins with one.</summary>
    Start,
}

/// <summary>How a text becomes pieces, and a piece its first symbols.</summary>
/// <param name="Composed">Whether text is brought into normalization form C first.</param>
/// <param name="Splitters">Cut the text, one after the other; none for the whole text as one piece.</param>
/// <param name="Blanks">Whether symbols are characters, and bytes only where a character is unknown; else they are bytes.</param>
/// <param name="WholeFirst">Whether a piece that is a token is that token, whatever merges would give.</param>
internal sealed record BpeRules(bool Composed, IReadOnlyList<TextSplitter> Splitters, Blanks Blanks, bool WholeFirst);
