using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Experiments;

/// <summary>Finds declared tests that can have no result, or none that is significant.</summary>
internal static class AnalysisLint
{
    /// <summary>Reports each in one sentence, with the key that it belongs to.</summary>
    public static void Of(Experiment experiment, Action<string, string[]> say)
    {
        if (experiment.Analysis is not { } analysis)
            return;
        foreach (
            var measure in analysis
                .Primary.Concat(analysis.Secondary)
                .Select(o => o.Measure)
                .Concat(analysis.Declared.SelectMany(MeasuresOf))
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (Undefined(experiment, measure) is { } why)
                say($"{measure} is undefined in every variant: {why}", ["analysis"]);
        }

        var units = experiment.Plan(default, origin: null).Units;
        OfWeights(experiment, analysis, say);
        OfReplicates(experiment, analysis, say);
        if (analysis.Interval == IntervalMethod.Bca && units.Count < BcaInterval.LeastReplicates)
            say(
                $"with {UnitWords.Count(units.Count, units.AreCharters)} every interval is Student's: the bootstrap covers "
                    + "too little below "
                    + $"{BcaInterval.LeastReplicates} {UnitWords.One(units.AreCharters)}s",
                ["analysis", "interval"]
            );
    }

    private static string? Undefined(Experiment experiment, string measure) =>
        measure == Measure.Correctness.Key && experiment.Stimuli.All(s => s.Check is null) ? "no stimulus has a check"
        : experiment.Model is OpenAiModel { HeldOut: null } && (measure == Measure.HeldOut.Key || measure == Measure.HeldOutRise.Key)
            ? "a hosted model has none without model.scoring and model.held-out"
        : (measure == Measure.MeanError.Key || measure == Measure.Diversity.Key) && experiment.Model is not DistributionModel
            ? "it is of provider distribution alone"
        : NeedsRecognition.Contains(measure) && !experiment.Probes.Recognition ? "it needs probes: {recognition: true}"
        : measure == Measure.PreferenceDistance.Key && experiment.Variants.All(v => v.Trainer.Method is not TrainingMethod.Dpo)
            ? "it is of preference training, and no variant has method: dpo"
        : null;

    private static readonly string[] NeedsRecognition =
    [
        Measure.Recognition.Key,
        Measure.Likelier.Key,
        Measure.SaidOwn.Key,
        Measure.Preference.Key,
    ];

    private static IEnumerable<string> MeasuresOf(Prediction prediction) =>
        prediction.Of switch
        {
            PredictedNumber.ContrastOf { Than: { } than } => [prediction.Measure, than],
            PredictedNumber.ResponseOf response => [prediction.Measure, response.To],
            PredictedNumber.CorrelationOf correlation => [prediction.Measure, correlation.To],
            _ => [prediction.Measure],
        };

    private static void OfWeights(Experiment experiment, AnalysisPlan analysis, Action<string, string[]> say)
    {
        var fixedTests = analysis
            .TestsOf(analysis.Primary)
            .Concat(analysis.TestsOf(analysis.Secondary))
            .Where(t => IsOfWeights(t.Outcome))
            .ToArray();
        foreach (var variant in experiment.Variants.Where(v => !Trainable.ByPlan(v)).Select(v => v.Name))
        {
            var with = fixedTests.Where(t => VariantsOf(t.Contrast).Contains(variant, StringComparer.Ordinal)).ToArray();
            var measures = with.Select(t => t.Outcome.Measure).Distinct(StringComparer.Ordinal).ToArray();
            if (with.Length > 0)
                say(
                    $"{variant} is never trained, and {string.Join(", ", measures)} "
                        + $"{(measures.Length == 1 ? "depends" : "depend")} on the weights alone: "
                        + $"{Count(with.Length, "declared test")} with it cannot be made",
                    ["analysis", "contrasts"]
                );
        }
    }

    private static void OfReplicates(Experiment experiment, AnalysisPlan analysis, Action<string, string[]> say)
    {
        var tests = analysis.TestsOf(analysis.Primary).ToArray();
        var untrained = experiment.Variants.Where(v => !Trainable.ByPlan(v)).Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        bool Can((DeclaredOutcome Outcome, DeclaredContrast Contrast) test) =>
            !IsOfWeights(test.Outcome) || !VariantsOf(test.Contrast).Any(untrained.Contains);
        int Unreachable(int replicates)
        {
            var corrected = Holm.Adjust([.. tests.Select(t => Can(t) ? SmallestP(t.Contrast, replicates) : 1)]);
            return tests.Zip(corrected).Count(t => Can(t.First) && t.Second > analysis.Alpha);
        }

        var units = experiment.Plan(default, origin: null).Units;
        if (units.Count == 1 || Unreachable(units.Count) is not (> 0 and var lost))
            return;
        var needed = Enumerable.Range(2, SignFlip.ExactUpTo).Cast<int?>().FirstOrDefault(n => Unreachable(n!.Value) == 0);
        say(
            $"with {UnitWords.Count(units.Count, units.AreCharters)} {lost} of {Count(tests.Length, "primary test")} cannot be "
                + "significant at "
                + $"{analysis.Alpha.ToString(CultureInfo.InvariantCulture)}, whatever the effect"
                + (
                    needed is { } n
                        ? $"; at least {n} are needed"
                        : $"; no number of {UnitWords.One(units.AreCharters)}s suffices, so declare fewer tests"
                ),
            [units.AreCharters ? "charters" : "replicates"]
        );
    }

    // The smallest p of an exact test; 0 for a test of an equivalence, whose p has no lower bound.
    private static double SmallestP(DeclaredContrast contrast, int replicates) =>
        contrast switch
        {
            DeclaredContrast.Pair p => SignFlip.SmallestPossibleP(replicates) / Sides(p.Direction),
            DeclaredContrast.Ordered o => 2
                * Math.Pow(Enumerable.Range(2, o.Variants.Length - 1).Aggregate(1.0, (f, k) => f / k), replicates)
                / Sides(o.Direction),
            DeclaredContrast.Equivalent => 0,
            _ => throw new UnreachableException(),
        };

    // A predicted direction halves the smallest p.
    private static int Sides(EffectDirection direction) => direction == EffectDirection.Either ? 1 : 2;

    private static bool IsOfWeights(DeclaredOutcome outcome) => Measure.Find(outcome.Measure)!.OfTheModelAlone;

    private static IEnumerable<string> VariantsOf(DeclaredContrast contrast) =>
        contrast switch
        {
            DeclaredContrast.Pair p => [p.First, p.Second],
            DeclaredContrast.Ordered o => o.Variants,
            DeclaredContrast.Equivalent e => [e.First, e.Second],
            _ => throw new UnreachableException(),
        };

    private static string Count(int n, string noun) => $"{n} {noun}{(n == 1 ? "" : "s")}";
}
