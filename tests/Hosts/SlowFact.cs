namespace AiMe.Hosts;

/// <summary>Tests that start clusters, servers and many processes. <c>bash .ci/run</c> runs them; a plain <c>dotnet test</c> skips and counts them.</summary>
internal static class SlowTests
{
    public static string? Skip { get; } =
        Environment.GetEnvironmentVariable("AIME_TESTS") is "all" or "processes"
        || Environment.GetEnvironmentVariable("AIME_KILL_TRIALS") is not null
            ? null
            : "slow: run by bash .ci/run, or with the environment variable AIME_TESTS=all";
}

/// <summary>A slow test.</summary>
internal sealed class SlowFactAttribute : SkippableFactAttribute
{
    public SlowFactAttribute() => Skip = SlowTests.Skip;
}

/// <summary>A slow test with cases.</summary>
internal sealed class SlowTheoryAttribute : SkippableTheoryAttribute
{
    public SlowTheoryAttribute() => Skip = SlowTests.Skip;
}
