namespace AiMe.Metrics.Statistics;

/// <summary>SplitMix64: a fast pseudorandom stream from one seed, for permutations and resamples.</summary>
/// <remarks>Source: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators".</remarks>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number in [0, count), each equally likely but for a bias below count / 2^64.</summary>
    /// <param name="count">1 or more.</param>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Shuffles in place, every order equally likely.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
