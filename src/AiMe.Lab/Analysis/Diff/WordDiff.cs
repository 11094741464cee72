using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>Consecutive words that both answers have, or only one.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WordRun(string Text, bool IsOwn);

/// <summary>
/// Word-level difference of two texts: a longest common subsequence of their words, split at white space.
/// </summary>
/// <param name="First">The first text in runs.</param>
/// <param name="Second">The second text in runs.</param>
/// <param name="IsReworded">
/// Whether fewer than two in five of the longer text's words are common: then no word is marked, since nearly all would
/// be.
/// </param>
public sealed record WordDiff(ImmutableArray<WordRun> First, ImmutableArray<WordRun> Second, bool IsReworded)
{
    /// <summary>
    /// Compares two texts; of several longest subsequences, takes the one with the earliest words of the first.
    /// </summary>
    public static WordDiff Of(string first, string second)
    {
        var (a, b) = (Split(first), Split(second));
        var common = Common(a, b);
        var (mineA, mineB) = (new bool[a.Length], new bool[b.Length]);
        var (i, j, shared) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
                (i, j, shared) = (i + 1, j + 1, shared + 1);
            else if (common[i + 1, j] >= common[i, j + 1])
                mineA[i++] = true;
            else
                mineB[j++] = true;
        }

        mineA.AsSpan(i).Fill(true);
        mineB.AsSpan(j).Fill(true);
        var reworded = shared * 5 < 2 * Math.Max(a.Length, b.Length);
        return new(Runs(a, reworded ? new bool[a.Length] : mineA), Runs(b, reworded ? new bool[b.Length] : mineB), reworded);
    }

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // Shape (a + 1, b + 1): the length of the longest common subsequence of what follows.
    private static int[,] Common(string[] a, string[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                lengths[i, j] = a[i] == b[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }

        return lengths;
    }

    private static ImmutableArray<WordRun> Runs(string[] words, bool[] own)
    {
        List<WordRun> runs = [];
        for (var i = 0; i < words.Length; i++)
        {
            if (runs.Count > 0 && runs[^1].IsOwn == own[i])
                runs[^1] = runs[^1] with { Text = $"{runs[^1].Text} {words[i]}" };
            else
                runs.Add(new(words[i], own[i]));
        }

        return [.. runs];
    }
}
