namespace AiMe.Faculties.Tests;

/// <summary>How many places and seeds are tried: all of them in CI, a third of them by a plain <c>dotnet test</c>.</summary>
internal static class Trials
{
    private static readonly bool s_all = Environment.GetEnvironmentVariable("AIME_TESTS") is "all" or "processes";

    /// <summary>Distance between two tried places.</summary>
    public static int Step { get; } = s_all ? 1 : 3;

    /// <summary>How many random draws are tried.</summary>
    /// <param name="all">Their number in CI.</param>
    public static int Of(int all) => s_all ? all : all / 3;

    /// <summary>Seeds from 1.</summary>
    /// <param name="all">Their number in CI.</param>
    public static IEnumerable<ulong> Seeds(int all) => Enumerable.Range(1, Of(all)).Select(s => (ulong)s);
}
