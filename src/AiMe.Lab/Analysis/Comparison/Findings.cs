using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Treatments;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A statement about a comparison: one sentence that can be quoted.</summary>
/// <param name="About">Its subject in one word; stable, for programs.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Detail">Whether only <c>--explain</c> prints it.</param>
public sealed record ComparisonFinding(string About, string Text, bool Detail = false);

/// <summary>States the findings of a comparison in words, without exceeding the evidence.</summary>
/// <remarks>
/// "Higher", "rose" and "fell" require a whole interval on one side, or a declared test; a difference between variants is
/// claimed only if the declared test supports it, and equality only if an equivalence test does.
/// </remarks>
public static class Findings
{
    /// <summary>What <see cref="ComparisonFinding.About"/> says of the drift beside the floor.</summary>
    public const string Movement = "movement";

    /// <summary>The greatest number of sentences without <c>--explain</c>.</summary>
    public const int Most = 10;

    /// <summary>The definition of drift, for the explained page.</summary>
    public const string Opening =
        "Bare drift: change of the model's own answers to the identity probes since generation 0, in bits: 0 = none, "
        + "1 = nothing in common.";

    /// <summary>The findings, the most important first; at most ten of them are no details.</summary>
    public static ImmutableArray<ComparisonFinding> Of(RunComparison comparison)
    {
        ComparisonFinding[] all =
        [
            .. IncompleteFindings.Of(comparison),
            .. TestFindings.NotYet(comparison),
            .. CallFindings.Of(comparison),
            .. JudgeFindings.Of(comparison),
            .. TestFindings.Of(comparison),
            .. TreatmentFindings.Of(comparison),
            .. CharterFindings.Of(comparison),
            .. UndefinedFindings.Of(comparison),
            .. TestFindings.Reach(comparison),
            .. PowerFindings.Of(comparison),
            .. Few(comparison),
            .. BatteryFindings.Of(comparison),
            .. ReviewFindings.Of(comparison),
            .. ModelFindings.Of(comparison),
            .. DoseFindings.Of(comparison),
            .. CollapseFindings.Of(comparison),
            .. TrainingFindings.Of(comparison),
            .. DriftFindings.Moved(comparison),
            .. DriftFindings.Quality(comparison),
            .. comparison.Baseline is null ? DriftFindings.Variety(comparison) : BaselineFindings.Of(comparison),
            .. DriftFindings.Untrained(comparison),
        ];
        // A difference of dose, or replicates that collapsed out of a test, could explain every result above it, so failed
        // calls cannot crowd them out.
        var shown = all.Where(f => !f.Detail)
            .OrderBy(f => f.About is DoseFindings.About or ModelFindings.About or UndefinedFindings.About ? 0 : 1)
            .Take(Most)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. all.Select(f => shown.Contains(f) ? f : f with { Detail = true })];
    }

    private static IEnumerable<ComparisonFinding> Few(RunComparison comparison)
    {
        if (comparison.Plan.Units is { Count: < RunComparison.FewReplicates } units)
            yield return new ComparisonFinding(
                "replicates",
                $"Warning: {UnitWords.Count(units.Count, units.AreCharters)} {(units.Count == 1 ? "is" : "are")} "
                    + "too few for a conclusion; use "
                    + $"{RunComparison.FewReplicates} or more."
            );
    }
}
