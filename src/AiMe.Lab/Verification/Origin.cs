namespace AiMe.Lab.Verification;

/// <summary>How an instance began, which determines the order in which its rows were written.</summary>
internal abstract record Origin
{
    private Origin() { }

    /// <summary>Planned.</summary>
    public sealed record PlannedOrigin : Origin;

    /// <summary>A copy of another instance, written stream by stream, and then announced to the supervisor.</summary>
    public sealed record CopiedOrigin : Origin;

    /// <summary>No supervisor knows it.</summary>
    public sealed record UnknownOrigin : Origin;
}
