namespace AiMe.Lab.Analysis.Comparison;

/// <summary>An unplanned intervention in an instance.</summary>
/// <param name="After">
/// The last generation probed before it, or -1: it can change only the figures of later generations.
/// </param>
public sealed record Intervention(InterventionKind Kind, int After);

/// <summary>Kinds of interventions.</summary>
public enum InterventionKind
{
    /// <summary>Input or an imported experience that is not in the plan.</summary>
    Spoke,

    /// <summary>A round was ended early.</summary>
    EndedRound,

    /// <summary>Another model was made champion.</summary>
    Appointed,
}
