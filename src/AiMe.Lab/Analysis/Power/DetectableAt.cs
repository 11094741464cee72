using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Power;

/// <summary>The smallest difference that a number of replicates finds with the wanted power.</summary>
/// <param name="Replicates">Of the later run.</param>
/// <param name="Difference">
/// In the unit of the measure, without sign; infinite if no result of so few replicates can be significant; NaN if nothing
/// is forecast.
/// </param>
public sealed record DetectableAt(int Replicates, PilotEstimate<double> Difference)
{
    /// <summary>Whether so few replicates find no difference, however large.</summary>
    public bool CannotReach => double.IsPositiveInfinity(Difference.Estimate);
}
