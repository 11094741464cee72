namespace AiMe.Nano.Tokens.Bpe;

/// <summary>
/// Merges neighbouring tokens: always the pair that was learned first, and of equal ones the leftmost. Source: Sennrich,
/// Haddow and Birch (2016); the order is that of Hugging Face's library.
/// </summary>
internal sealed class PairMerges
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Made)> _merges = [];

    public int Count => _merges.Count;

    /// <summary>Adds the next merge; a pair that occurs twice keeps its last place, as in that library.</summary>
    public void Add(int left, int right, int made) => _merges[(left, right)] = (_merges.Count, made);

    /// <summary>Merges in place.</summary>
    public void Apply(List<int> ids)
    {
        if (ids.Count < 2)
            return;
        var list = new LinkedTokens(ids);
        PriorityQueue<(int At, int Made, int Left, int Right), (int Rank, int At)> queue = new();
        for (var i = 0; i + 1 < ids.Count; i++)
            Offer(i);
        while (queue.TryDequeue(out var merge, out _))
        {
            // one of the two may have been merged with another meanwhile
            if (!list.Are(merge.At, merge.Left, merge.Right))
                continue;
            list.Merge(merge.At, merge.Made);
            Offer(merge.At);
            if (list.Before(merge.At) is >= 0 and var before)
                Offer(before);
        }

        list.CopyTo(ids);

        void Offer(int at)
        {
            if (list.Pair(at) is var (left, right) && _merges.TryGetValue((left, right), out var merge))
                queue.Enqueue((at, merge.Made, left, right), (merge.Rank, at));
        }
    }

    /// <summary>Tokens that are linked, so that a merge moves none.</summary>
    private sealed class LinkedTokens
    {
        private const int Gone = -1;
        private readonly int[] _ids,
            _next,
            _previous;

        public LinkedTokens(List<int> ids)
        {
            _ids = [.. ids];
            _next = [.. Enumerable.Range(1, ids.Count)];
            _previous = [.. Enumerable.Range(-1, ids.Count)];
        }

        public (int Left, int Right)? Pair(int at) => _next[at] < _ids.Length ? (_ids[at], _ids[_next[at]]) : null;

        public bool Are(int at, int left, int right) => _ids[at] != Gone && Pair(at) == (left, right);

        public int Before(int at) => _previous[at];

        public void Merge(int at, int made)
        {
            var right = _next[at];
            _ids[at] = made;
            _ids[right] = Gone;
            _next[at] = _next[right];
            if (_next[at] < _ids.Length)
                _previous[_next[at]] = at;
        }

        public void CopyTo(List<int> ids)
        {
            ids.Clear();
            for (var i = 0; i < _ids.Length; i = _next[i])
                ids.Add(_ids[i]);
        }
    }
}
