using DiffPlex;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>Splits a text at white space.</summary>
internal sealed class SpacedWords : IChunker
{
    public static readonly SpacedWords Instance = new();

    public IReadOnlyList<string> Chunk(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
