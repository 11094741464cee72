using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DiffPlex;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>What becomes of words on the way from one text to another.</summary>
public enum EditKind
{
    /// <summary>They stay.</summary>
    Same,

    /// <summary>They go.</summary>
    Removed,

    /// <summary>They come.</summary>
    Added,
}

/// <summary>Words in a row that stay, go or come on the way from one text to another.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WordEdit(EditKind Kind, string Text)
{
    /// <summary>The shortest way from one text to the other by words (Myers), split at white space; removed words first.</summary>
    public static ImmutableArray<WordEdit> Between(string before, string after)
    {
        var diff = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, SpacedWords.Instance);
        var edits = ImmutableArray.CreateBuilder<WordEdit>();
        var at = 0;
        foreach (var block in diff.DiffBlocks)
        {
            Add(EditKind.Same, diff.PiecesOld, at, block.DeleteStartA - at);
            Add(EditKind.Removed, diff.PiecesOld, block.DeleteStartA, block.DeleteCountA);
            Add(EditKind.Added, diff.PiecesNew, block.InsertStartB, block.InsertCountB);
            at = block.DeleteStartA + block.DeleteCountA;
        }

        Add(EditKind.Same, diff.PiecesOld, at, diff.PiecesOld.Count - at);
        return edits.DrainToImmutable();

        void Add(EditKind kind, IReadOnlyList<string> words, int start, int count)
        {
            if (count > 0)
                edits.Add(new(kind, string.Join(' ', words.Skip(start).Take(count))));
        }
    }
}
