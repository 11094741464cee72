using System.Collections.Immutable;

namespace AiMe.Lab.Verification;

/// <summary>The anchors of an instance in one supervisor's stream, consumed in order as the instance is read.</summary>
internal sealed class SupervisedQueue(ImmutableArray<SupervisedAnchor> anchors)
{
    /// <summary>Number of consumed anchors.</summary>
    public int Met { get; private set; }

    /// <summary>The next anchor, or null.</summary>
    public SupervisedAnchor? Front => Met < anchors.Length ? anchors[Met] : null;

    /// <summary>The anchors that were not consumed.</summary>
    public IEnumerable<SupervisedAnchor> Rest => anchors.Skip(Met);

    /// <summary>Consumes the next anchor.</summary>
    public void Pop() => Met++;
}
