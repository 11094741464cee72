using System.Collections.Immutable;

namespace AiMe.Lab.Verification;

/// <summary>The anchors that one supervisor's stream holds of a life, met one after another as the life is read.</summary>
internal sealed class SupervisedQueue(ImmutableArray<SupervisedAnchor> anchors)
{
    /// <summary>How many were met.</summary>
    public int Met { get; private set; }

    /// <summary>The next one, or null.</summary>
    public SupervisedAnchor? Front => Met < anchors.Length ? anchors[Met] : null;

    /// <summary>Those that were not met.</summary>
    public IEnumerable<SupervisedAnchor> Rest => anchors.Skip(Met);

    /// <summary>The next one was met.</summary>
    public void Pop() => Met++;
}
