using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Power;

/// <summary>What is asked of a pilot.</summary>
/// <param name="Replicates">Planned numbers of replicates, at least one, each 1 to 10,000; sentences are about the first.</param>
/// <param name="Difference">
/// A difference that a later run should find, above 0, in the unit of the measure; null for the declared smallest effect.
/// </param>
/// <param name="Power">The wanted probability of a significant result, in (0, 1).</param>
public sealed record PowerGoal(ImmutableArray<int> Replicates, double? Difference = null, double Power = PowerGoal.Usual)
{
    /// <summary>The usual power, by convention.</summary>
    public const double Usual = 0.8;
}
