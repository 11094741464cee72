namespace AiMe.Lab.Verification;

/// <summary>How much of a life is held by anchors outside itself.</summary>
/// <param name="Events">Events in its five streams.</param>
/// <param name="Covered">Events up to the last anchor in the supervisor's stream, or up to where a fork branched off.</param>
/// <param name="IsKnown">Whether its run knows it: false for a fork that was copied and never joined.</param>
public sealed record InstanceCoverage(string Run, string Instance, long Events, long Covered, bool IsKnown)
{
    /// <summary>Events behind the last anchor: were exactly these cut off, or the last so many of them, nobody could tell.</summary>
    public long Beyond => Events - Covered;
}

/// <summary>A supervisor's stream: nothing outside it anchors its end.</summary>
/// <param name="Digest">
/// The run's digest as it recorded it last, and as it follows from the heads; null where the run has not ended.
/// </param>
public sealed record RunCoverage(string Run, int Instances, long Events, string? Digest);
