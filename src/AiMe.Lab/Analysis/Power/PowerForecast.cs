using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Power;

/// <summary>What a pilot says of the power of a planned run.</summary>
/// <param name="Pilot">Plan of the pilot.</param>
/// <param name="Planned">Plan of the later run; that of the pilot if it is to be repeated.</param>
/// <param name="Generation">The generation at which the pilot's scatter is taken.</param>
/// <param name="Tests">Primary tests first.</param>
public sealed record PowerForecast(RunPlan Pilot, RunPlan Planned, int Generation, PowerGoal Goal, ImmutableArray<TestForecast> Tests)
{
    /// <summary>The generation of the planned tests; above <see cref="Generation"/> if the pilot did not reach it.</summary>
    public int DeclaredGeneration => GenerationOf(Planned);

    /// <summary>The first primary test with a forecast, else the first test with one; null if none has one.</summary>
    public TestForecast? First =>
        Tests.FirstOrDefault(t => t is { Status: ForecastStatus.Forecast, Test.IsPrimary: true })
        ?? Tests.FirstOrDefault(t => t.Status == ForecastStatus.Forecast);

    /// <summary>
    /// What differs between the two plans, in words, except what a forecast allows for: seed, replicates and analysis.
    /// </summary>
    public ImmutableArray<string> Differing =>
        PlanDifference.Between(
            Pilot with
            {
                Seed = Planned.Seed,
                Replicates = Planned.Replicates,
                Analysis = Planned.Analysis,
                Base = Planned.Base,
                Origin = Planned.Origin,
            },
            Planned
        );

    /// <summary>Forecasts the tests of a planned run.</summary>
    /// <param name="pilot">A run that has reached generation 1.</param>
    /// <param name="measures">
    /// Only these; one of which nothing is declared is explored over all pairs of trained variants. Empty for all declared.
    /// </param>
    public static PowerForecast Of(RunComparison pilot, RunPlan planned, ImmutableArray<Measure> measures, PowerGoal goal)
    {
        ArgumentNullException.ThrowIfNull(pilot);
        var at = Math.Min(GenerationOf(planned), pilot.Reached);
        var data = ContrastData.Of(at == pilot.Generation ? pilot : pilot.At(at));
        return new PowerForecast(
            pilot.Plan,
            planned,
            at,
            goal,
            [
                .. TestsOf(planned, measures, data.Variants)
                    .Select(t => TestForecast.Of(t.Test, data, goal) with { IsDeclared = t.IsDeclared }),
            ]
        );
    }

    /// <summary>The number of tests of a planned run that a pilot with these variants can forecast.</summary>
    /// <param name="measures">As for <see cref="Of"/>.</param>
    public static int Covered(RunPlan planned, ImmutableArray<Measure> measures, ImmutableArray<VariantPlan> variants) =>
        TestsOf(planned, measures, [])
            .Count(t =>
                TestForecast.IsForecast(t.Test)
                && TestForecast.PairOf(t.Test) is var (first, second)
                && variants.Any(v => v.Name == first)
                && variants.Any(v => v.Name == second)
            );

    /// <summary>Whether a primary test of a planned run is of a kind that is forecast.</summary>
    public static bool HasPrimary(RunPlan planned) =>
        TestsOf(planned, [], []).Any(t => t.Test.IsPrimary && TestForecast.IsForecast(t.Test));

    private static IEnumerable<(DeclaredTest Test, bool IsDeclared)> TestsOf(
        RunPlan planned,
        ImmutableArray<Measure> measures,
        ImmutableArray<VariantSummary> summaries
    )
    {
        var analysis = DefaultAnalysis.Of(planned);
        var declared = DeclaredTests.Blank(summaries, analysis);
        return measures.IsEmpty
            ? declared.Select(t => (t, true))
            : measures.SelectMany(m =>
                declared.Where(t => t.Measure.Key == m.Key).ToArray() is { Length: > 0 } own
                    ? own.Select(t => (t, true))
                    : DeclaredTests.Blank(summaries, DefaultAnalysis.Pairs(planned, m, analysis.Alpha)).Select(t => (t, false))
            );
    }

    private static int GenerationOf(RunPlan plan) => plan.Analysis?.Generation ?? plan.Rounds;
}
