using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Bench.Experiments;

/// <summary>A declared analysis of an A/A experiment: one family of tests.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Plan">Null for what is tested if nothing is declared.</param>
internal sealed record AaFamily(string Name, AnalysisPlan? Plan);

/// <summary>
/// The families: one contrast by six outcomes each, so that Holm's correction can reject with eight replicates; the default
/// analysis; and survivals.
/// </summary>
internal static class AaFamilies
{
    public const double Alpha = 0.05;

    // A quarter to a half of the instances cross each in either round, in runs with other seeds.
    private const double HighDrift = 0.15;
    private const double LowReference = 11.5;

    private static readonly DeclaredContrast s_pair = new DeclaredContrast.Pair("a", "b");
    private static readonly DeclaredContrast s_directedPair = new DeclaredContrast.Pair("c", "d", EffectDirection.Higher);
    private static readonly DeclaredContrast s_order = new DeclaredContrast.Ordered(["a", "b", "c", "d"]);

    private static readonly DeclaredContrast s_directedOrder = new DeclaredContrast.Ordered(["c", "a", "d", "b"], EffectDirection.Higher);

    private static readonly ImmutableArray<DeclaredOutcome> s_values =
    [
        new DeclaredOutcome.Value("bareDrift"),
        new DeclaredOutcome.Value("heldOutRise"),
        new DeclaredOutcome.Value("distinct2"),
        new DeclaredOutcome.Value("novelty"),
        new DeclaredOutcome.Value("selfReference"),
        new DeclaredOutcome.Value("repeated"),
    ];

    private static readonly ImmutableArray<DeclaredOutcome> s_survivals =
    [
        new DeclaredOutcome.Survival("bareDrift", Above: true, HighDrift),
        new DeclaredOutcome.Survival("selfReference", Above: false, LowReference),
    ];

    public static ImmutableArray<AaFamily> All { get; } =
    [
        new("default: bare drift, six pairs", Plan: null),
        new("a - b, six outcomes", Declared(s_values, s_pair)),
        new("c - d directed, six outcomes", Declared(s_values, s_directedPair)),
        new("trend over four, six outcomes", Declared(s_values, s_order)),
        new("trend over four directed, six outcomes", Declared(s_values, s_directedOrder)),
        new("two survivals, four contrasts", Declared(s_survivals, s_pair, s_directedPair, s_order, s_directedOrder)),
    ];

    private static AnalysisPlan Declared(ImmutableArray<DeclaredOutcome> outcomes, params ImmutableArray<DeclaredContrast> contrasts) =>
        new(Question: null, outcomes, [], contrasts, Generation: null, Alpha, IntervalMethod.Student);
}
