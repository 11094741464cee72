using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>The stimuli of one round of the first life that the second answered too, whenever it did.</summary>
/// <param name="Pairs">In the order in which the first met them; not empty.</param>
public sealed record DiffRound(int Round, ImmutableArray<DiffPair> Pairs)
{
    /// <summary>Mean cosine of the answers, in [-1, 1]; pairs without one are left out, NaN where none has.</summary>
    public double MeanCosine => Mean.Of([.. Pairs.Select(p => p.Cosine).Where(c => !double.IsNaN(c))]);

    /// <summary>Pairs whose answers are the same.</summary>
    public int Identical => Pairs.Count(p => p.IsIdentical);

    /// <summary>Pairs that were kept by both, by the first alone, by the second alone.</summary>
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
