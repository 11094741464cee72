using AiMe.Simulation.Invariants;

namespace AiMe.Simulation;

/// <summary>A property that must hold under all faults.</summary>
/// <param name="Name">One or two words.</param>
/// <param name="Sentence">The property, in one sentence.</param>
public abstract record Invariant(string Name, string Sentence)
{
    /// <summary>How the invariant is broken, in one sentence; null if no violation is visible.</summary>
    internal abstract string? Broken(Evidence evidence);

    /// <summary>All invariants, in the order of their checks: the first broken one is reported.</summary>
    public static IReadOnlyList<Invariant> All { get; } =
    [
        new NothingAcknowledgedIsLost(),
        new ChainIsIntact(),
        new NothingCountsTwice(),
        new SealedOnce(),
        new DrawsMatch(),
        new ReviewsMatch(),
        new SubmittedOnce(),
        new GenerationsGrow(),
        new StateIsTheFold(),
        new NothingIsRefused(),
        new NothingFails(),
        new NothingStalls(),
        new SameDigest(),
    ];

    /// <summary>The first broken invariant, or null.</summary>
    internal static (Invariant Invariant, string How)? FirstBroken(Evidence evidence)
    {
        foreach (var invariant in All)
        {
            if (invariant.Broken(evidence) is { } how)
                return (invariant, how);
        }

        return null;
    }
}
