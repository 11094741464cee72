namespace AiMe.Lab.Verification;

/// <summary>How much of an instance is covered by anchors outside itself.</summary>
/// <param name="Events">Events in its five streams.</param>
/// <param name="Covered">
/// Events up to the last anchor in the supervisor's stream, or up to where a fork branched off.
/// </param>
/// <param name="IsKnown">Whether its run knows it: false for a fork that was copied and never joined.</param>
public sealed record InstanceCoverage(string Run, string Instance, long Events, long Covered, bool IsKnown)
{
    /// <summary>Events after the last anchor. Cutting off the last of these events would not be detected.</summary>
    public long Beyond => Events - Covered;
}

/// <summary>A supervisor's stream, whose end is not anchored.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instances">Instances of the run.</param>
/// <param name="Events">Events in the supervisor's stream.</param>
/// <param name="Digest">
/// The run's digest as recorded last and as recomputed from the heads; null if the run has not ended.
/// </param>
public sealed record RunCoverage(string Run, int Instances, long Events, string? Digest);
