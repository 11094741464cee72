namespace AiMe.Faculties.Supervisor;

/// <summary>The independent units of a comparison.</summary>
/// <param name="Count">Number of units, 1 or more.</param>
/// <param name="PerUnit">Consecutive replicates of one unit, 1 or more.</param>
/// <param name="AreCharters">Whether a unit is a charter; if not, it is a replicate.</param>
public readonly record struct AnalysisUnits(int Count, int PerUnit, bool AreCharters)
{
    /// <summary>The unit of a replicate.</summary>
    /// <param name="replicate">From 1.</param>
    /// <returns>From 1.</returns>
    public int Of(int replicate) => (replicate - 1) / PerUnit + 1;

    /// <summary>The replicates of a unit, in order.</summary>
    /// <param name="unit">From 1.</param>
    public IEnumerable<int> ReplicatesOf(int unit) => Enumerable.Range((unit - 1) * PerUnit + 1, PerUnit);
}
