namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Something that somebody did in a life beside its plan.</summary>
/// <param name="After">
/// The last generation that was probed before it, -1 before birth: it can move the figures of later generations alone.
/// </param>
public sealed record Intervention(InterventionKind Kind, int After);

/// <summary>What somebody can do in a life beside its plan.</summary>
public enum InterventionKind
{
    /// <summary>Spoke into it, or told it something: an experience that the plan has not.</summary>
    Spoke,

    /// <summary>Ended a round early.</summary>
    EndedRound,

    /// <summary>Made another model its champion.</summary>
    Appointed,
}
