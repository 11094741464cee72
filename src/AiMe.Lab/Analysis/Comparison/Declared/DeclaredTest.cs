using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>A test that was declared before the run: one outcome, one contrast.</summary>
/// <param name="Outcome">What is compared.</param>
/// <param name="Measure">The measure of the outcome.</param>
/// <param name="Contrast">What is compared with what.</param>
/// <param name="Method">The test, which follows from outcome and contrast.</param>
/// <param name="IsPrimary">Whether it belongs to the primary family; the secondary one is corrected by itself.</param>
public sealed record DeclaredTest(DeclaredOutcome Outcome, Measure Measure, DeclaredContrast Contrast, TestMethod Method, bool IsPrimary)
{
    /// <summary>The variants, in the order of the contrast.</summary>
    public required ImmutableArray<string> Variants { get; init; }

    /// <summary>What was predicted.</summary>
    public required EffectDirection Direction { get; init; }

    /// <summary>Familywise significance level.</summary>
    public required double Alpha { get; init; }

    /// <summary>
    /// The first variant minus the second, or the last of an order minus the first, over the replicates that have all; NaN
    /// for a time of survival.
    /// </summary>
    public Estimate Estimate { get; init; } = Estimate.None;

    /// <summary>
    /// Coverage of the estimate's interval: 1 - alpha, and 1 - 2 alpha for an equivalence test, whose decision it is.
    /// </summary>
    public double Confidence { get; init; } = Estimate.Level;

    /// <summary>How the interval was computed.</summary>
    public IntervalMethod Interval { get; init; }

    /// <summary>Number of units that have the outcome in every variant of the contrast.</summary>
    public int N { get; init; }

    /// <summary>Whether the units are charters, each the mean of its replicates; if not, they are replicates.</summary>
    public bool IsOverCharters { get; init; }

    /// <summary>
    /// Mean difference (sign flips, equivalence), Page's L, or observed minus expected events of the first variant
    /// (log-rank); NaN without replicates.
    /// </summary>
    public double Statistic { get; init; } = double.NaN;

    /// <summary>
    /// How far the statistic is from what the null hypothesis expects, in the sense of the outcome: above 0 if the first
    /// variant, or the later ones of an order, are higher.
    /// </summary>
    public double Effect { get; init; } = double.NaN;

    /// <summary>In [0, 1]; NaN if there was nothing to test.</summary>
    public double P { get; init; } = double.NaN;

    /// <summary>Whether p counts all permutations; false if it draws some, or rests on a distribution.</summary>
    public bool IsExact { get; init; }

    /// <summary>The smallest p that these replicates can give, with their ties; NaN without any.</summary>
    public double SmallestP { get; init; } = double.NaN;

    /// <summary>Whether equal values, times or orders within replicates raise <see cref="SmallestP"/>.</summary>
    public bool HasTies { get; init; }

    /// <summary>Whether every replicate is tied, so that nothing speaks for either direction.</summary>
    public bool IsTied => HasTies && SmallestP >= 1;

    /// <summary>How often the uncorrected test rejects at level alpha if there is no effect, at most; NaN without replicates.</summary>
    public double AttainableSize { get; init; } = double.NaN;

    /// <summary>Events and instances of each variant of a pair, in its order; empty unless the outcome is a survival.</summary>
    public ImmutableArray<(int Crossed, int Of)> Crossings { get; init; } = [];

    /// <summary>
    /// Of each variant, in order: how many instances are at the compared generation and have no value there, because the
    /// measure is undefined. Of a survival: how many did not cross the bound and have no value where they were last seen.
    /// </summary>
    public ImmutableArray<int> Undefined { get; init; } = [];

    /// <summary>Variants that could not change by this measure, because their weights did not: nothing is tested.</summary>
    public ImmutableArray<string> Still { get; init; } = [];

    /// <summary>Number of tests in its family, tested or not.</summary>
    public int Family { get; init; } = 1;

    /// <summary>After Holm's correction over its family.</summary>
    public double CorrectedP { get; init; } = double.NaN;

    /// <summary>Whether no result of these replicates, with their ties, could be significant in its family.</summary>
    public bool CannotReach { get; init; }

    /// <summary>What may be said.</summary>
    public TestVerdict Verdict =>
        double.IsNaN(P) ? TestVerdict.NotTested
        : IsSignificant ? TestVerdict.Supported
        : IsOpposite ? TestVerdict.Opposite
        : CannotReach ? TestVerdict.CannotReach
        : TestVerdict.NotSupported;

    // An undirected difference must be excluded from 0 by its interval as well. A direction was declared with its test, of
    // which a two-sided interval is not the inverse.
    private bool IsSignificant =>
        CorrectedP <= Alpha
        && (Method != TestMethod.SignFlip || Direction != EffectDirection.Either || Estimate.IsAbove(0) || Estimate.IsBelow(0));

    private bool IsOpposite =>
        Direction switch
        {
            EffectDirection.Higher => Effect < 0,
            EffectDirection.Lower => Effect > 0,
            _ => false,
        };
}

/// <summary>How a declared test is computed.</summary>
public enum TestMethod
{
    /// <summary>Paired sign-flip permutation test.</summary>
    SignFlip,

    /// <summary>Page's L within replicates.</summary>
    Page,

    /// <summary>Two one-sided t tests of the paired differences.</summary>
    Equivalence,

    /// <summary>Log-rank scores, with sign flips within replicates.</summary>
    LogRank,
}

/// <summary>What a declared test allows to be said.</summary>
public enum TestVerdict
{
    /// <summary>The difference, the trend or the equivalence may be claimed.</summary>
    Supported,

    /// <summary>Nothing may be claimed, and no equality either.</summary>
    NotSupported,

    /// <summary>The estimate points away from the predicted direction.</summary>
    Opposite,

    /// <summary>No result of these replicates, with their ties, could have been significant.</summary>
    CannotReach,

    /// <summary>There was nothing to test: no replicate has all variants, or a variant could not change.</summary>
    NotTested,
}
