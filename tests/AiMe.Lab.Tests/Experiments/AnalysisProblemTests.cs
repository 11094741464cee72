using System.Text;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using static AiMe.Faculties.Supervisor.DeclaredContrast;
using static AiMe.Faculties.Supervisor.DeclaredOutcome;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>Mistakes in the section analysis, told with their place.</summary>
public sealed class AnalysisProblemTests : IDisposable
{
    private readonly Experiments.Study _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData(
        "{primary: [bareDrif]}",
        ":22: analysis.primary[0]: found 'bareDrif', expected a measure: MEASURES; did you mean 'bareDrift'?"
    )]
    [InlineData(
        "{primary: [[bareDrift]]}",
        ":22: analysis.primary[0]: found a list, expected a measure, {measure: heldOutRise, smallest-effect: 5%} or {survival: distinct2, below: 0.3}"
    )]
    [InlineData("{primary: []}", ":21: analysis.primary: found an empty list, expected a list of measures, such as [heldOutRise]")]
    [InlineData(
        "{primary: [bareDrift, bare drift]}",
        ":33: analysis.primary[1]: bareDrift is declared twice, expected once; its first place is study.yaml:7:22"
    )]
    [InlineData(
        "{primary: [bareDrift], secondary: [{measure: bareDrift, smallest-effect: 0.1}]}",
        ":46: analysis.secondary[0]: bareDrift is declared twice, expected once; its first place is study.yaml:7:22"
    )]
    [InlineData(
        "{secondary: [bareDrift]}",
        ":24: analysis.secondary[0]: bareDrift is the primary outcome already, because none is named; name the primary outcomes"
    )]
    [InlineData(
        "{alpha: 0.5, primary: [{measure: bareDrift, smallest-effect: 0.1}], contrasts: [{equivalent: [a, b]}]}",
        ":19: analysis.alpha: found '0.5', expected a level below 0.5, because an equivalence test has an interval of 1 - 2 alpha"
    )]
    [InlineData(
        "{primary: [{smallest-effect: 1}]}",
        ":22: analysis.primary[0]: found neither measure nor survival, expected a measure, {measure: heldOutRise, smallest-effect: 5%} or {survival: distinct2, below: 0.3}"
    )]
    [InlineData(
        "{primary: [{measure: bareDrift, smallest-effect: 5%}]}",
        ":60: analysis.primary[0].smallest-effect: found '5%', but bareDrift is not a percentage; expected a number in (0, 1]"
    )]
    [InlineData(
        "{primary: [{measure: bareDrift, smallest-effect: 0}]}",
        ":60: analysis.primary[0].smallest-effect: found '0', expected a number in (0, 1]"
    )]
    [InlineData(
        "{primary: [{measure: repeats, smallest-effect: 200%}]}",
        ":58: analysis.primary[0].smallest-effect: found '200%', expected a fraction in (0, 1] or a percentage"
    )]
    [InlineData(
        "{primary: [{measure: repeats, above: 1%}]}",
        ":41: analysis.primary[0].above: the key is unknown, expected one of measure, smallest-effect"
    )]
    [InlineData("{primary: [{survival: repeats}]}", ":22: analysis.primary[0]: found neither above nor below, expected one of them")]
    [InlineData(
        "{primary: [{survival: repeats, above: 100%}]}",
        ":49: analysis.primary[0].above: found '100%', expected a fraction in [0, 1) or a percentage"
    )]
    [InlineData("{primary: [{survival: distinct2, below: 0}]}", ":51: analysis.primary[0].below: found '0', expected a number in (0, 1]")]
    [InlineData("{contrasts: [{pair: [a, c]}]}", ":35: analysis.contrasts[0].pair[1]: found 'c', expected a variant: VARIANTS")]
    [InlineData(
        "{contrasts: [{pair: [a, a]}]}",
        ":35: analysis.contrasts[0].pair[1]: a is named twice, so it would be compared with itself; expected different variants"
    )]
    [InlineData(
        "{contrasts: [{pair: [a, b, frozen]}]}",
        ":31: analysis.contrasts[0].pair: found a list of 3, expected a list of two variants, such as [a, b]"
    )]
    [InlineData(
        "{contrasts: [{against: frosen}]}",
        ":34: analysis.contrasts[0].against: found 'frosen', expected a variant: VARIANTS; did you mean 'frozen'?"
    )]
    [InlineData(
        "{contrasts: [{ordered: [a, b]}]}",
        ":34: analysis.contrasts[0].ordered: found a list of 2, expected a list of three variants or more, in order, or a setting of the matrix"
    )]
    [InlineData(
        "{contrasts: [{ordered: train.anchor}]}",
        ":34: analysis.contrasts[0].ordered: found 'train.anchor', expected a list of three variants or more, in order, or a setting of the matrix: train.anchor.fraction"
    )]
    [InlineData(
        "{contrasts: [{ordered: [a, b, anchor-0]}, {ordered: [anchor-0, b, a], direction: higher}]}",
        ":53: analysis.contrasts[1]: the contrast of a, b, anchor-0 in order on bareDrift is declared twice, expected once; its first place is study.yaml:7:24"
    )]
    [InlineData(
        "{contrasts: [{pair: [a, b]}, {pair: [b, a], direction: higher}]}",
        ":40: analysis.contrasts[1]: the contrast of a and b on bareDrift is declared twice, expected once; its first place is study.yaml:7:24"
    )]
    [InlineData(
        "{contrasts: [all-pairs, {pair: [a, b]}]}",
        ":35: analysis.contrasts[1]: the contrast of a and b on bareDrift is declared twice, expected once; its first place is study.yaml:7:24"
    )]
    [InlineData(
        "{contrasts: [{equivalent: [a, b]}]}",
        ":24: analysis.contrasts[0]: an equivalence needs a smallest effect of bareDrift: declare {measure: bareDrift, smallest-effect: ...}, or name its outcomes with measures"
    )]
    [InlineData(
        "{primary: [{survival: repeats, above: 1%}], contrasts: [{equivalent: [a, b]}]}",
        ":67: analysis.contrasts[0]: an equivalence cannot be tested on survival of repeats above 0.01; name its outcomes with measures"
    )]
    [InlineData(
        "{primary: [{measure: keyed, smallest-effect: 1}], contrasts: [{equivalent: [a, b], direction: lower}]}",
        ":94: analysis.contrasts[0].direction: an equivalence has no direction; remove the key"
    )]
    [InlineData(
        "{contrasts: [{pair: [a, b], direction: lwer}]}",
        ":50: analysis.contrasts[0].direction: found 'lwer', expected a direction: either, higher, lower, later, sooner; did you mean 'lower'?"
    )]
    [InlineData(
        "{contrasts: [{pair: [a, b], measures: [heldOut]}]}",
        ":50: analysis.contrasts[0].measures[0]: found 'heldOut', expected a declared outcome: bareDrift; add heldOut to primary or secondary"
    )]
    [InlineData(
        "{secondary: [heldOut], contrasts: [{pair: [a, b], measures: [heldOut]}]}",
        ":11: analysis: no contrast applies to bareDrift, so it is not tested; expected a contrast without measures, or with it"
    )]
    [InlineData(
        "{contrasts: [all-pair]}",
        ":24: analysis.contrasts[0]: found 'all-pair', expected a contrast: FORMS; did you mean 'all-pairs'?"
    )]
    [InlineData(
        "{contrasts: [{par: [a, b]}]}",
        ":24: analysis.contrasts[0]: found a mapping without one of pair, against, ordered, equivalent, all-pairs, expected a contrast: FORMS; did you mean 'pair'?"
    )]
    [InlineData(
        "{contrasts: [{pair: [a, b], against: a}]}",
        ":24: analysis.contrasts[0]: found pair and against, expected one of them; write each contrast as a separate list item"
    )]
    [InlineData(
        "{predict: [{measure: repeats, level: a}]}",
        ":22: analysis.predict[0]: found neither of direction and within, expected one of them"
    )]
    [InlineData(
        "{predict: [{measure: repeats, direction: higher}]}",
        ":22: analysis.predict[0]: found 0 of level, step, contrast, trend, response, correlation and rejections, expected one: {measure: heldOutRise, contrast: [a, b], direction: higher, beyond: 5%}"
    )]
    [InlineData(
        "{predict: [{measure: repeats, level: a, times: 2, direction: higher}]}",
        ":58: analysis.predict[0].times: there is no second value to apply it to; expected contrast, or level with than"
    )]
    [InlineData(
        "{predict: [{measure: repeats, level: a, direction: higher, at: each}]}",
        ":74: analysis.predict[0].at: found 'each', expected a generation; each is of step alone"
    )]
    [InlineData(
        "{predict: [{measure: repeats, level: a, direction: higher, at: 9}]}",
        ":22: analysis.predict[0]: it is of generation 9, but an instance has 3 rounds; expected a generation up to 3"
    )]
    [InlineData("{alpha: 1}", ":19: analysis.alpha: found '1', expected a fraction in (0, 1) or a percentage")]
    [InlineData("{interval: t}", ":22: analysis.interval: found 't', expected a kind of interval: student, bca")]
    [InlineData("{generation: 4}", ":24: analysis.generation: found '4', but an instance has 3 rounds; expected a generation up to 3")]
    [InlineData("{generation: 0}", ":24: analysis.generation: found '0', expected a whole number from 1 to 2000000")]
    [InlineData(
        "{primry: [repeats]}",
        ":12: analysis.primry: the key is unknown, expected one of question, predict, primary, contrasts, secondary, generation, alpha, interval; did you mean 'primary'?"
    )]
    public void A_bad_analysis_is_told_with_its_place(string analysis, string problem)
    {
        Write(analysis);
        _study
            .Problems()
            .Select(p => p.Replace(_study.PathOf(""), "", StringComparison.Ordinal))
            .ShouldBe([
                "study.yaml:7"
                    + problem
                        .Replace("MEASURES", Lab.Analysis.Comparison.Measure.Names, StringComparison.Ordinal)
                        .Replace("VARIANTS", "anchor-0, anchor-0p1, anchor-0p25, anchor-0p5, a, b, frozen", StringComparison.Ordinal)
                        .Replace(
                            "FORMS",
                            "{pair: [a, b]}, {against: a}, {ordered: [a, b, c]}, {equivalent: [a, b]}, all-pairs",
                            StringComparison.Ordinal
                        ),
            ]);
    }

    [Theory]
    [InlineData("[0, 0.5, 0.25]", "neither rise nor fall")]
    [InlineData("[0, 0.5, 0.5]", "neither rise nor fall")]
    [InlineData("[0, 0.5]", "has 2 values, expected three or more; compare two variants as a pair")]
    public void Ordered_values_have_an_order(string values, string problem) =>
        _study
            .Write(
                "study.yaml",
                AnalysisTests
                    .Study("{contrasts: [{ordered: train.anchor.fraction}]}")
                    .Replace("[0, 0.1, 0.25, 0.5]", values, StringComparison.Ordinal)
            )
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldContain(problem);

    [Theory]
    [InlineData("[0.5, 0.25, 0]")]
    [InlineData("[0, 10%, 0.25]")]
    public void Values_may_rise_or_fall(string values)
    {
        var file = AnalysisTests
            .Study("{contrasts: [{ordered: train.anchor.fraction}]}")
            .Replace("[0, 0.1, 0.25, 0.5]", values, StringComparison.Ordinal);
        _study.Write("study.yaml", file).Experiment().Analysis.ShouldNotBeNull();
    }

    [Fact]
    public void Without_a_matrix_no_setting_is_ordered() =>
        _study
            .Load("analysis={contrasts: [{ordered: train.epochs}]}")
            .Problems.ShouldHaveSingleItem()
            .Text.ShouldBe(
                "found 'train.epochs', expected a list of three variants or more, in order, or a setting of the matrix; this experiment has no matrix"
            );

    [Fact]
    public void All_pairs_of_one_trained_variant_are_none() =>
        _study
            .Load("analysis={}")
            .Problems.ShouldHaveSingleItem()
            .Text.ShouldBe(
                "all-pairs are the pairs of trained variants, and only keep-all is trained; expected contrasts that name the variants, such as {pair: [a, b]}"
            );

    [Fact]
    public void A_bad_matrix_is_told_alone()
    {
        Write("{contrasts: [{ordered: train.anchor.fraction}, {pair: [anchor-0, a]}]}");
        _study.Spoil("study.yaml", "train.anchor.fraction: [0,", "train.epochs: 1, train.anchor.fraction: [0,");
        _study.Problems().ShouldHaveSingleItem().ShouldContain("matrix.train.epochs: found '1'");
    }

    private void Write(string analysis) => _study.Write("study.yaml", AnalysisTests.Study(analysis));
}
