using System.CommandLine;

namespace AiMe.Console.Commands;

/// <summary><c>--parallel</c>: the number of threads.</summary>
internal static class ParallelOption
{
    public static Option<long?> Create(
        string what = "Threads for model work. Default: the number of cores. The result does not depend on it"
    ) => SharedOptions.WholeOption("--parallel", what, least: 1, most: 1024);

    /// <summary>The given number, or the number of cores.</summary>
    public static int Threads(this ParseResult parsed, Option<long?> parallel) =>
        (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount);
}
