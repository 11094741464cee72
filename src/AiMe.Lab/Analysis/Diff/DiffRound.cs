using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>The stimuli of one round of the first instance that the second answered too, at any time.</summary>
/// <param name="Pairs">In the order of the first instance; not empty.</param>
public sealed record DiffRound(int Round, ImmutableArray<DiffPair> Pairs)
{
    /// <summary>
    /// Mean cosine of the answers, in [-1, 1]; pairs without a cosine are excluded, NaN if none has one.
    /// </summary>
    public double MeanCosine => Mean.Of([.. Pairs.Select(p => p.Cosine).Where(c => !double.IsNaN(c))]);

    /// <summary>Number of pairs with equal answers.</summary>
    public int Identical => Pairs.Count(p => p.IsIdentical);

    /// <summary>Numbers of pairs kept by both, only by the first, only by the second.</summary>
    public (int Both, int First, int Second) Kept
    {
        get
        {
            var both = Pairs.Count(p => p is { First.Verdict: Verdict.Keep, Second.Verdict: Verdict.Keep });
            return (
                both,
                Pairs.Count(p => p.First.Verdict == Verdict.Keep) - both,
                Pairs.Count(p => p.Second.Verdict == Verdict.Keep) - both
            );
        }
    }
}
