using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>analysis</c>: what is tested, declared before the run.</summary>
internal static class AnalysisReader
{
    public const string How =
        "what is tested, declared before the run; everything else in a comparison is exploratory. Without this section: bare drift, "
        + "all pairs of trained variants";

    /// <summary>The greatest number of declared tests, of primary and secondary outcomes together.</summary>
    public const int MostTests = 10_000;

    private const double EquivalenceBelow = 0.5;

    /// <summary>The declared analysis; null if there is none, or if it has problems.</summary>
    /// <param name="design">The variants; null if they could not be read, so that no name can be checked.</param>
    public static AnalysisPlan? Read(FieldReader? field, Design? design)
    {
        if (field?.Section() is not { } s)
            return null;
        var question = s.Find("question", "the question that the run answers, in your words")?.Text();
        var predictions = s.Find("predict", PredictionReader.How);
        OutcomeReader outcomes = new();
        var primary = s.Find(
            "primary",
            "the outcomes that answer the question: measures, named as in compare; Holm's correction covers all their tests",
            new System.Text.Json.Nodes.JsonArray(OutcomeReader.Default.Measure)
        );
        var compared = s.Find(
            "contrasts",
            "which variants are compared with which; all-pairs are all pairs of trained variants",
            new System.Text.Json.Nodes.JsonArray(ContrastForm.AllPairs)
        );
        var onlyPredicts = predictions is { Asked: null } && primary is null && compared is null;
        var first =
            onlyPredicts ? []
            : primary is null ? [outcomes.ReadDefault(s.At)]
            : outcomes.Read(primary, atLeast: 1);
        var secondary = s.Find("secondary", "further declared outcomes, corrected as a family of their own");
        var further = secondary is null ? [] : outcomes.Read(secondary, atLeast: 0);
        ContrastReader contrasts = new(design, [.. first, .. further]);
        var read =
            onlyPredicts ? []
            : compared is null ? contrasts.Default(s)
            : contrasts.Read(compared);
        var predict = predictions is null ? default : new PredictionReader(design).Read(predictions);
        var generation = s.Find("generation", "the generation that is compared; the last by default");
        AnalysisPlan plan = new(
            question,
            first,
            further,
            read,
            (int?)generation?.Whole(1, 1, PlanLimits.Rounds),
            s.Share("alpha", Defaults.SignificanceLevel, new(0, 1, OpenLow: true, OpenHigh: true), "familywise level of significance"),
            s.Word("interval", Keywords.Intervals, Defaults.Interval, "how the intervals of means are computed")
        )
        {
            Predict = predict,
        };
        s.Close();
        if (plan.Alpha >= EquivalenceBelow && plan.Contrasts.Any(c => c is DeclaredContrast.Equivalent))
            s.Find("alpha")!.Expected("a level below 0.5, because an equivalence test has an interval of 1 - 2 alpha");
        if (s.Problems.Any || design is null)
            return null;
        CheckTests(plan, field);
        return plan;
    }

    /// <summary>Checks what only the whole experiment says.</summary>
    public static void Check(Experiment experiment, Section root)
    {
        PredictionReader.Check(experiment, root);
        var rounds = experiment.Size.Rounds;
        if (experiment.Analysis?.Generation is not { } generation || generation <= rounds)
            return;
        var at = root.Find("analysis")!.Section()!.Find("generation")!.At;
        root.Problems.Fail(
            at,
            "analysis.generation",
            $"found '{generation}', but an instance has {rounds} {(rounds == 1 ? "round" : "rounds")}; expected a generation up to {rounds}"
        );
    }

    private static void CheckTests(AnalysisPlan plan, FieldReader field)
    {
        foreach (var outcome in plan.Primary.Concat(plan.Secondary).Where(o => !plan.Contrasts.Any(c => c.AppliesTo(o))))
            field.Fail(
                $"no contrast applies to {OutcomeReader.Text(outcome)}, so it is not tested; expected a contrast "
                    + "without measures, or with it"
            );
        var tests = plan.TestsOf(plan.Primary).Count() + plan.TestsOf(plan.Secondary).Count();
        if (tests > MostTests)
            field.Fail(
                FormattableString.Invariant(
                    $"{tests:N0} tests are declared, expected at most {MostTests:N0}: name fewer outcomes or contrasts"
                )
            );
    }
}
