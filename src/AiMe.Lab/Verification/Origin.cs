namespace AiMe.Lab.Verification;

/// <summary>How a life began, which says in which order its rows were written.</summary>
internal abstract record Origin
{
    private Origin() { }

    /// <summary>By the plan.</summary>
    public sealed record PlannedOrigin : Origin;

    /// <summary>As a copy of another life, stream by stream, that the supervisor was told of when it was whole.</summary>
    public sealed record CopiedOrigin : Origin;

    /// <summary>No supervisor knows it.</summary>
    public sealed record UnknownOrigin : Origin;
}
