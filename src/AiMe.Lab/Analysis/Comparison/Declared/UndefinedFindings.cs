using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>Replicates that a test lacks because its measure is undefined in them: such data are not missing at random.</summary>
internal static class UndefinedFindings
{
    /// <summary>The subject of these findings.</summary>
    public const string About = "undefined";

    private const int Most = 2;

    /// <summary>One sentence an outcome, at most two of them without <c>--explain</c>.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Generation == 0 || comparison.Tests.IsEmpty)
            yield break;
        var data = ContrastData.Of(comparison);
        var told = 0;
        foreach (var tests in comparison.Tests.GroupBy(t => t.Outcome))
        {
            var measure = tests.First().Measure;
            var lost = tests
                .SelectMany(t => t.Variants)
                .Distinct(StringComparer.Ordinal)
                .Select(v => (Variant: v, Instances: data.UndefinedIn(v, tests.Key, measure)))
                .Where(l => l.Instances.Length > 0)
                .ToArray();
            if (lost.Length == 0)
                continue;
            var wordless = lost.SelectMany(l => l.Instances).All(i => IsWordless(i, comparison.Generation));
            yield return new ComparisonFinding(About, Text(tests.Key, tests.ToArray(), lost, wordless), Detail: told++ >= Most);
        }
    }

    private static string Text(
        DeclaredOutcome outcome,
        DeclaredTest[] tests,
        (string Variant, InstanceSummary[] Instances)[] lost,
        bool wordless
    )
    {
        var number = lost.Sum(l => l.Instances.Length);
        var counts = Sentence.List(
            lost.Select(
                (l, i) =>
                    $"{(i == 0 ? Sentence.Count(l.Instances.Length, "replicate", "replicates")
                    : Sentence.Number(l.Instances.Length))} of {l.Variant}"
            )
        );
        var subject = Sentence.Subject(tests[0].Measure);
        var why = $"{subject} is undefined there{(wordless ? " (answers without words)" : "")}";
        var which = $"the {(tests.Length == 1 ? "test" : "tests")} of";
        return outcome is DeclaredOutcome.Survival
            ? $"{counts} {(number == 1 ? "counts" : "count")} as censored, or as unknown, in {which} {TestWords.Outcome(tests[0])}, "
                + $"because in the last round {why}."
            : $"{counts} {(number == 1 ? "is" : "are")} left out of {which} {subject}, because {why}.";
    }

    private static bool IsWordless(InstanceSummary instance, int generation) =>
        instance.In(Math.Min(generation, instance.Reached), r => r.Words) == 0;
}
