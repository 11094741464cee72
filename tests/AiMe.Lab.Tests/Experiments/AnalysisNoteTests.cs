using System.Text;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using static AiMe.Faculties.Supervisor.DeclaredContrast;
using static AiMe.Faculties.Supervisor.DeclaredOutcome;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>What is noted about a declared analysis that cannot find what it looks for.</summary>
public sealed class AnalysisNoteTests : IDisposable
{
    private readonly Experiments.Study _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("{contrasts: [{against: frozen, measures: [bareDrift]}], secondary: [distinct2]}", "no contrast")]
    [InlineData(
        "{contrasts: [{against: frozen}], secondary: [distinct2, heldOutRise]}",
        "frozen is never trained, and bareDrift, heldOutRise depend on the weights alone: 12 declared tests with it cannot be made"
    )]
    [InlineData(
        "{primary: [distinct2], contrasts: [{pair: [a, b]}]}",
        "with 5 replicates 1 of 1 primary test cannot be significant at 0.05, whatever the effect; at least 6 are needed"
    )]
    [InlineData("{primary: [distinct2], contrasts: [{pair: [a, b], direction: higher}]}", "")]
    [InlineData("{primary: [distinct2], contrasts: [{pair: [a, b]}], alpha: 10%}", "")]
    [InlineData("{primary: [distinct2], contrasts: [{ordered: train.anchor.fraction}]}", "")]
    [InlineData(
        "{primary: [distinct2], secondary: [novelty], contrasts: [{ordered: train.anchor.fraction}, {pair: [a, b], measures: [novelty]}]}",
        ""
    )]
    [InlineData("{primary: [{measure: distinct2, smallest-effect: 0.1}], contrasts: [{equivalent: [a, b]}]}", "")]
    public void A_test_that_cannot_succeed_is_noted(string analysis, string note)
    {
        Write(analysis);
        var loaded = _study.Load();
        var told = loaded.Problems.Concat(loaded.Advice).Select(p => p.Text).ToArray();
        if (note.Length == 0)
            told.ShouldBeEmpty();
        else
            told.ShouldHaveSingleItem().ShouldStartWith(note);
    }

    [Fact]
    public void One_direction_for_values_and_survivals_is_warned_of()
    {
        const string Mixed = "{primary: [repeats, {survival: empty, above: 50%}], contrasts: [{pair: [a, b], direction: WORD}]}";
        Write(Mixed.Replace("WORD", "higher", StringComparison.Ordinal));
        var loaded = _study.Load();
        loaded.Experiment.ShouldNotBeNull();
        loaded
            .Problems.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                p => p.Severity.ShouldBe(Severity.Warning),
                p => p.Key.ShouldBe("analysis.contrasts[0].direction"),
                p =>
                    p.Text.ShouldStartWith(
                        "higher predicts higher values of repeats and a later crossing in the survival of empty above 0.5; if these are"
                    )
            );
        Write(Mixed.Replace("WORD", "later", StringComparison.Ordinal));
        _study.Problems().ShouldHaveSingleItem().ShouldContain("found 'later', which is said of a survival, but repeats is a value");
        Write(Mixed.Replace("WORD", "either", StringComparison.Ordinal));
        _study.Load().Problems.ShouldBeEmpty();
        Write("{primary: [repeats, {survival: repeats, below: 50%}], contrasts: [{pair: [a, b], direction: lower}]}");
        _study.Load().Problems.ShouldBeEmpty("that it falls below the bound sooner is the same prediction");
    }

    [Fact]
    public void An_outcome_that_is_never_defined_is_noted()
    {
        _study.Write("stimuli.jsonl", "{\"id\": \"s1\", \"text\": \"One.\"}");
        Write("{primary: [correctness], contrasts: [{pair: [a, b], direction: higher}]}");
        _study.Load().Advice.ShouldHaveSingleItem().Text.ShouldBe("correctness is undefined in every variant: no stimulus has a check");
    }

    [Theory]
    [InlineData(44, 1)]
    [InlineData(45, 0)]
    public void A_bootstrap_that_gives_way_to_student_is_noted(int replicates, int notes)
    {
        Write("{primary: [distinct2], contrasts: [{pair: [a, b]}], interval: bca}");
        _study.Spoil("study.yaml", "analysis:", $"replicates: {replicates}\nanalysis:");
        var told = _study.Load().Advice.Select(p => p.Text).ToArray();
        told.Length.ShouldBe(notes);
        told.ShouldAllBe(t => t == "with 44 replicates every interval is Student's: the bootstrap covers too little below 45 replicates");
    }

    private void Write(string analysis) => _study.Write("study.yaml", AnalysisTests.Study(analysis));
}
