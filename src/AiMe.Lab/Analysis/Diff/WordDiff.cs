using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DiffPlex;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>Words in a row that both answers have, or that one has alone.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WordRun(string Text, bool IsOwn);

/// <summary>In which words two texts differ: the words of Myers' shortest edit script, split at white space.</summary>
/// <param name="First">The first text in runs.</param>
/// <param name="Second">The second text in runs.</param>
/// <param name="IsReworded">
/// Fewer than two in five of the longer text's words are common: then marking words would mark nearly all, and none is own.
/// </param>
public sealed record WordDiff(ImmutableArray<WordRun> First, ImmutableArray<WordRun> Second, bool IsReworded)
{
    /// <summary>Compares two texts by their words.</summary>
    public static WordDiff Of(string first, string second)
    {
        var diff = Differ.Instance.CreateDiffs(first, second, ignoreWhiteSpace: false, ignoreCase: false, SpacedWords.Instance);
        var (ownA, ownB) = (new bool[diff.PiecesOld.Count], new bool[diff.PiecesNew.Count]);
        foreach (var block in diff.DiffBlocks)
        {
            ownA.AsSpan(block.DeleteStartA, block.DeleteCountA).Fill(true);
            ownB.AsSpan(block.InsertStartB, block.InsertCountB).Fill(true);
        }

        var shared = ownA.Count(own => !own);
        var reworded = shared * 5 < 2 * Math.Max(ownA.Length, ownB.Length);
        return new(
            Runs(diff.PiecesOld, reworded ? new bool[ownA.Length] : ownA),
            Runs(diff.PiecesNew, reworded ? new bool[ownB.Length] : ownB),
            reworded
        );
    }

    private static ImmutableArray<WordRun> Runs(IReadOnlyList<string> words, bool[] own)
    {
        List<WordRun> runs = [];
        for (var i = 0; i < words.Count; i++)
        {
            if (runs.Count > 0 && runs[^1].IsOwn == own[i])
                runs[^1] = runs[^1] with { Text = $"{runs[^1].Text} {words[i]}" };
            else
                runs.Add(new(words[i], own[i]));
        }

        return [.. runs];
    }
}
