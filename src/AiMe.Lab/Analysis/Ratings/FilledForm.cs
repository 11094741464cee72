using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>The form on the current pair of a session: one sign after another. A pair is on file when all signs have a choice.</summary>
public sealed class FilledForm(RatingSession session)
{
    private readonly List<SignChoice> _choices = [];

    /// <summary>The rater's way through the pairs.</summary>
    public RatingSession Session => session;

    /// <summary>The pair that is asked about; null if all are done.</summary>
    public AnswerPair? Pair => session.Current;

    /// <summary>The sign that is asked about.</summary>
    public Sign Sign => SignForm.Signs[_choices.Count];

    /// <summary>Number of signs of this pair that have a choice, from 0.</summary>
    public int Answered => _choices.Count;

    /// <summary>Whether there is something to take back.</summary>
    public bool CanUndo => _choices.Count > 0 || session.CanUndo;

    /// <summary>A remark on the pair; null for none.</summary>
    public string? Note { get; set; }

    /// <summary>Answers the sign that is asked about, and goes on to the next one, or to the next pair.</summary>
    /// <exception cref="IOException">The rating cannot be written. Nothing has changed.</exception>
    public void Choose(SignChoice choice)
    {
        if (_choices.Count < SignForm.Signs.Length - 1)
        {
            _choices.Add(choice);
            return;
        }

        session.Rate(
            SignForm
                .Signs.Zip(_choices.Append(choice))
                .ToImmutableSortedDictionary(c => c.First.Key, c => c.Second, StringComparer.Ordinal),
            Note
        );
        Clear();
    }

    /// <summary>Passes the pair over.</summary>
    /// <exception cref="IOException">It cannot be written. Nothing has changed.</exception>
    public void Skip()
    {
        session.Skip(Note);
        Clear();
    }

    /// <summary>Takes the last choice on this pair back; at the first sign, the last pair.</summary>
    /// <returns>Whether there was something to take back.</returns>
    /// <exception cref="IOException">It cannot be written. Nothing has changed.</exception>
    public bool Undo()
    {
        if (_choices.Count > 0)
        {
            _choices.RemoveAt(_choices.Count - 1);
            return true;
        }

        if (!session.Undo())
            return false;
        Note = null;
        return true;
    }

    private void Clear()
    {
        _choices.Clear();
        Note = null;
    }
}
