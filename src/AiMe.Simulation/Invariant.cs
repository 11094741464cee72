using AiMe.Simulation.Invariants;

namespace AiMe.Simulation;

/// <summary>Something that must hold whatever befalls a host.</summary>
/// <param name="Name">One or two words.</param>
/// <param name="Sentence">What must hold.</param>
public abstract record Invariant(string Name, string Sentence)
{
    /// <summary>How it is broken, in one sentence; null where it holds as far as can be seen.</summary>
    internal abstract string? Broken(Evidence evidence);

    /// <summary>
    /// All of them, in the order in which they are looked at: the first that is broken is the one that is told.
    /// </summary>
    public static IReadOnlyList<Invariant> All { get; } =
    [
        new NothingAcknowledgedIsLost(),
        new ChainIsIntact(),
        new NothingCountsTwice(),
        new SealedOnce(),
        new SubmittedOnce(),
        new GenerationsGrow(),
        new StateIsTheFold(),
        new NothingIsRefused(),
        new NothingFails(),
        new NothingStalls(),
        new SameDigest(),
    ];

    /// <summary>The first that is broken, or null.</summary>
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
