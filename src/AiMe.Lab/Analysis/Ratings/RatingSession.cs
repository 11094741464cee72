using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>A rater's way through the pairs. The file is its only memory, so it goes on where the rater stopped.</summary>
public sealed class RatingSession
{
    private readonly PairQueue _queue;
    private readonly string _file;
    private readonly List<PairRating> _lines;

    /// <summary>Begins, or goes on.</summary>
    /// <param name="file">The rater's file; created with the first rating. Ratings of other variants in it are left alone.</param>
    /// <exception cref="PairRatingException">
    /// The file has ratings of another run or rater, or of answers that this run does not have.
    /// </exception>
    public RatingSession(PairQueue queue, string file)
    {
        ArgumentNullException.ThrowIfNull(queue);
        (_queue, _file) = (queue, file);
        var lines = PairRatingFile.Read(file);
        if (lines.FirstOrDefault(l => l.Run != queue.Run || l.Rater != queue.Rater) is { } other)
            throw new PairRatingException(
                $"{file} has ratings of {other.Run} by {other.Rater} between {string.Join(" and ", other.Between)}; expected those of "
                    + $"{queue.Run} by {queue.Rater}: name another file"
            );
        _lines = [.. PairRatingFile.Between(lines, queue.Variants)]; // a rater may rate other variants of the run in the same file
        foreach (var line in _lines)
            _ = Find(queue, line);
    }

    /// <summary>The pairs of the rater.</summary>
    public PairQueue Queue => _queue;

    /// <summary>Number of pairs that are rated or skipped.</summary>
    public int Done => Last().Count;

    /// <summary>The pair to rate now; null if all are done.</summary>
    public AnswerPair? Current => Last() is var last ? _queue.Pairs.FirstOrDefault(p => !last.Contains(p.Id)) : null;

    /// <summary>Whether there is something to take back.</summary>
    public bool CanUndo => LastDone() is not null;

    /// <summary>Rates the current pair.</summary>
    /// <param name="choices">A choice for every sign of the form.</param>
    /// <param name="note">A remark, or null.</param>
    public void Rate(ImmutableSortedDictionary<string, SignChoice> choices, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (!SignForm.Signs.All(s => choices.ContainsKey(s.Key)) || choices.Count != SignForm.Signs.Length)
            throw new ArgumentException($"A rating needs a choice for each of {string.Join(", ", SignForm.Signs.Select(s => s.Key))}.");
        Append(Line(Now()) with { Choices = choices, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim() });
    }

    /// <summary>Passes the current pair over.</summary>
    public void Skip(string? note = null) =>
        Append(Line(Now()) with { Skipped = true, Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim() });

    /// <summary>Takes the last rating, or the last skip, back: its pair is the current one again.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Undo()
    {
        if (LastDone() is not { } last)
            return false;
        Append(last with { Choices = null, Skipped = false, Undone = true, Note = null });
        return true;
    }

    /// <summary>The pair of a line.</summary>
    /// <exception cref="PairRatingException">The run has no such pair, or other answers.</exception>
    public static AnswerPair Find(PairQueue queue, PairRating line)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(line);
        return queue.Pairs.FirstOrDefault(p => p.Id == line.Pair) is { } pair && pair.Shown == line.Shown
            ? pair
            : throw new PairRatingException(
                $"The rating of {line.Pair} by {line.Rater} is of other answers than those of {queue.Run}: use the store in which it was "
                    + "made"
            );
    }

    private AnswerPair Now() => Current ?? throw new InvalidOperationException("Every pair is rated.");

    private PairRating Line(AnswerPair pair) => new(_queue.Run, _queue.Variants, pair.Id, _queue.Rater, SignForm.Version, pair.Shown);

    private void Append(PairRating line)
    {
        PairRatingFile.Append(_file, line);
        _lines.Add(line);
    }

    private HashSet<string> Last() =>
        [.. _lines.GroupBy(l => l.Pair, StringComparer.Ordinal).Where(g => !g.Last().Undone).Select(g => g.Key)];

    // The newest line whose pair was not taken back since.
    private PairRating? LastDone() => Last() is var done ? _lines.LastOrDefault(l => done.Contains(l.Pair) && !l.Undone) : null;
}
