using System.Collections.Immutable;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>The best of the memories that are scored exactly.</summary>
internal sealed class Finalists(MemoryView view, Scale recency, Scale importance, Scale relevance)
{
    private const int Surplus = 1024; // so that sorting costs little for each memory, however many come

    private readonly int _wanted = Math.Min(view.Settings.Recall, view.Items.Length);
    private readonly List<Finalist> _best = [];

    /// <summary>Scores a memory with the arithmetic of <see cref="Ranking"/>.</summary>
    /// <param name="at">Its index in the view.</param>
    /// <param name="cosine">Its relevance, unscaled.</param>
    public void Add(int at, double cosine)
    {
        var item = view.Items[at];
        var (r, i, v) = (recency.Of(Ranking.Recency(item, view.Settings, view.At)), importance.Of(item.Importance), relevance.Of(cosine));
        _best.Add(new Finalist(Ranking.Score(view.Settings, r, i, v), at, r, i, v));
        if (_best.Count >= _wanted + Surplus)
            Trim();
    }

    /// <summary>The best, best first.</summary>
    public ImmutableArray<Hit> Hits()
    {
        Trim();
        return [.. _best.Select(f => new Hit(view.Items[f.At].Id, view.Items[f.At].Text, f.Score, f.Recency, f.Importance, f.Relevance))];
    }

    // Ties go to the newer memory.
    private void Trim()
    {
        _best.Sort((a, b) => (b.Score, b.At).CompareTo((a.Score, a.At)));
        if (_best.Count > _wanted)
            _best.RemoveRange(_wanted, _best.Count - _wanted);
    }

    private readonly record struct Finalist(double Score, int At, double Recency, double Importance, double Relevance);
}
