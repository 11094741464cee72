namespace AiMe.Lab.Analysis.Power;

/// <summary>Whether the power of a test is forecast, and if not, why.</summary>
public enum ForecastStatus
{
    /// <summary>It is forecast.</summary>
    Forecast,

    /// <summary>An equivalence test is not forecast.</summary>
    Equivalence,

    /// <summary>A test of survival is not forecast.</summary>
    Survival,

    /// <summary>The pilot lacks a variant of the contrast.</summary>
    VariantMissing,

    /// <summary>In the pilot a variant could not change by this measure, because its weights did not.</summary>
    Fixed,

    /// <summary>Below two replicates of the pilot have the outcome in both variants.</summary>
    TooFewPairs,

    /// <summary>All differences of the pilot are equal, so its scatter is unknown.</summary>
    NoScatter,

    /// <summary>The wanted power is not above the level of significance.</summary>
    PowerBelowAlpha,
}
