using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Tests.Experiments;

public sealed class PredictionReaderTests : IDisposable
{
    private readonly Study _study = new();

    public static TheoryData<string, Prediction> Forms =>
        new()
        {
            {
                "{measure: repeats, level: a, direction: lower, beyond: 5%, at: 2}",
                new("repeats", new PredictedNumber.LevelOf("a"), PredictedSide.Lower, 0.05, At: 2)
            },
            { "{measure: heldOut, step: a, direction: higher}", new("heldOut", new PredictedNumber.StepOf("a"), PredictedSide.Higher, 0) },
            {
                "{measure: heldOut, contrast: [a, b], times: 0.5, direction: lower}",
                new("heldOut", new PredictedNumber.ContrastOf("a", "b", 0.5), PredictedSide.Lower, 0)
            },
            {
                "{measure: tailRise, level: a, than: headRise, times: 1.25, direction: higher}",
                new("tailRise", new PredictedNumber.ContrastOf("a", "a", 1.25, "headRise"), PredictedSide.Higher, 0)
            },
            { "{measure: heldOut, trend: a, within: 0.1}", new("heldOut", new PredictedNumber.GrowthOf("a"), PredictedSide.Within, 0.1) },
            {
                "{measure: heldOut, trend: a, from: 1, direction: higher}",
                new("heldOut", new PredictedNumber.GrowthOf("a", From: 1), PredictedSide.Higher, 0)
            },
            {
                "{measure: heldOut, rejections: [a, b], groups-of: 4, test: sign-flip, least: 1%, most: 10%}",
                new(
                    "heldOut",
                    new PredictedNumber.RejectionsOf("a", "b", 4, NullTest.SignFlip),
                    PredictedSide.Within,
                    (0.1 - 0.01) / 2,
                    Around: (0.1 + 0.01) / 2
                )
            },
            {
                "{measure: meanError, level: a, at: 2, equals: 0.4, within: 15%}",
                new("meanError", new PredictedNumber.LevelOf("a"), PredictedSide.Within, 0.15 * 0.4, At: 2, Around: 0.4)
            },
            {
                "{measure: heldOutRise, level: a, equals: -10%, within: 0.5}",
                new("heldOutRise", new PredictedNumber.LevelOf("a"), PredictedSide.Within, 0.05, Around: -0.1)
            },
            {
                "{measure: selfReferencePool, response: [a, b], to: selfReferenceGap, direction: higher, secondary: true}",
                new(
                    "selfReferencePool",
                    new PredictedNumber.ResponseOf(["a", "b"], "selfReferenceGap"),
                    PredictedSide.Higher,
                    0,
                    IsSecondary: true
                )
            },
            {
                "{measure: preference, correlation: [a, b], to: recognition, direction: higher}",
                new("preference", new PredictedNumber.CorrelationOf(["a", "b"], "recognition"), PredictedSide.Higher, 0)
            },
        };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_prediction_is_read_as_it_is_written_and_survives_the_journal(string written, Prediction expected)
    {
        var analysis = Analysis($"{{predict: [{written}]}}");

        Text(analysis.Declared.ShouldHaveSingleItem()).ShouldBe(Text(expected));
        analysis.Primary.ShouldBeEmpty("with predictions alone nothing else is tested");
        var plan = _study.Experiment().Plan(new AiMe.Faculties.ModelId("base"), origin: null);
        var stored = Faculties.FacultyEvents.Codec.Write(new RunPlanned(plan));
        var read = (RunPlanned)Faculties.FacultyEvents.Codec.Read("supervisor.planned@2", stored);
        Text(read.Plan.Analysis!.Declared[0]).ShouldBe(Text(expected));
    }

    [Fact]
    public void The_list_form_of_a_trend_is_of_variants_in_order() =>
        Analysis("{predict: [{measure: heldOut, trend: [a, b, c], direction: higher}]}")
            .Declared[0]
            .Of.ShouldBeOfType<PredictedNumber.OrderOf>()
            .Variants.ShouldBe(["a", "b", "c"]);

    [Theory]
    [InlineData("{measure: heldOut, level: a, equals: 0.5, direction: higher}", "equals: it is of level with within")]
    [InlineData("{measure: heldOut, step: a, equals: 0.5, within: 10%}", "equals: it is of level with within")]
    [InlineData("{measure: heldOut, level: a, than: headRise, equals: 0.5, within: 10%}", "equals: it is of level with within")]
    [InlineData("{measure: heldOut, level: a, equals: 0, within: 10%}", "equals: within is a share of this number")]
    [InlineData("{measure: heldOut, level: a, equals: much, within: 10%}", "equals: found 'much', expected a number")]
    [InlineData("{measure: heldOut, level: a, equals: 2, within: 150%}", "within: found '150%', expected a fraction in (0, 1]")]
    [InlineData("{measure: heldOut, trend: [a, b, c], from: 1, direction: higher}", "from: it is of trend of one variant")]
    [InlineData("{measure: heldOut, rejections: [a, b], least: 1%}", "found no least or no most")]
    [InlineData("{measure: heldOut, rejections: [a, b], least: 10%, most: 1%}", "most: it is not above least")]
    [InlineData("{measure: heldOut, rejections: [a, b], least: 1%, most: 10%, within: 5%}", "within: it is not of rejections")]
    [InlineData("{measure: heldOut, level: a, within: 0.1, groups-of: 8}", "groups-of: it is of rejections alone")]
    public void A_stated_number_is_that_of_a_level_and_has_a_share_around_it(string written, string problem) =>
        Write($"{{predict: [{written}]}}").Problems().ShouldHaveSingleItem().ShouldContain(problem);

    [Theory]
    [InlineData("{measure: heldOut, step: a, direction: higher, at: 0}", "it needs generation 1 or a later one")]
    [InlineData("{measure: heldOut, trend: a, from: 1, direction: higher, at: 1}", "it needs generation 2 or a later one")]
    [InlineData("{measure: heldOut, trend: a, from: 90, direction: higher}", "it needs generation 91 or a later one")]
    [InlineData("{measure: heldOut, response: [a, b], to: repeats, direction: higher, at: 1}", "it needs generation 2 or a later one")]
    [InlineData("{measure: heldOut, correlation: [a, b], to: repeats, direction: higher, at: 0}", "it needs generation 1 or a later one")]
    [InlineData("{measure: heldOut, rejections: [a, b], groups-of: 90, least: 1%, most: 10%}", "are of groups of 90 replicates")]
    public void A_number_of_generations_or_groups_that_are_not_there_is_refused(string written, string problem) =>
        Write($"{{predict: [{written}]}}").Problems().ShouldHaveSingleItem().ShouldContain(problem);

    [Fact]
    public void A_prediction_around_no_number_is_stored_as_before()
    {
        Analysis("{predict: [{measure: heldOut, level: a, within: 0.1}]}");
        var plan = new RunPlanned(_study.Experiment().Plan(new AiMe.Faculties.ModelId("base"), origin: null));
        System.Text.Encoding.UTF8.GetString(Faculties.FacultyEvents.Codec.Write(plan)).ShouldNotContain("around");
    }

    [Fact]
    public void Without_predictions_the_plan_holds_no_word_of_them()
    {
        Analysis("{primary: [repeats]}");
        var plan = new RunPlanned(_study.Experiment().Plan(new AiMe.Faculties.ModelId("base"), origin: null));
        System.Text.Encoding.UTF8.GetString(Faculties.FacultyEvents.Codec.Write(plan)).ShouldNotContain("predict");
    }

    [Theory]
    [InlineData("{claim: c, source: s, seeds: [1]}", "a list of 1")]
    [InlineData("{claim: c, source: s, seeds: [1, 2, 3]}", "found 3 seeds, expected two")]
    [InlineData("{claim: c, source: s, seeds: [1, 2], developed-on: [2]}", "the seed 2 is among developed-on")]
    [InlineData("{claim: c, source: s, seeds: [1, 2], quick: [replicates]}", "found 'replicates', expected a setting and its value")]
    public void A_replication_has_two_seeds_that_nothing_was_chosen_on(string replication, string problem) =>
        Write("{primary: [repeats]}", $"replication: {replication}\n").Problems().ShouldHaveSingleItem().ShouldContain(problem);

    [Fact]
    public void A_replication_changes_no_run()
    {
        var plain = Write("{primary: [repeats]}").Experiment();
        var named = Write("{primary: [repeats]}", "replication: {claim: c, source: s, seeds: [1, 2]}\n").Experiment();

        named.Replication.ShouldNotBeNull().Seeds.ShouldBe([1L, 2L]);
        named.RunId.ShouldBe(plain.RunId);
    }

    public void Dispose() => _study.Dispose();

    // A record's equality compares arrays by reference.
    private static string Text(Prediction p) =>
        $"{p.Measure} {p.Of.GetType().Name} {string.Join(' ', p.Of.Involved)} {(p.Of as PredictedNumber.ContrastOf)?.Times} "
        + $"{(p.Of as PredictedNumber.ContrastOf)?.Than} {(p.Of as PredictedNumber.ResponseOf)?.To} {p.Side} {p.Bound} {p.At} {p.IsSecondary} {p.Around}";

    private AnalysisPlan Analysis(string analysis) => Write(analysis).Experiment().Analysis.ShouldNotBeNull();

    private Study Write(string analysis, string more = "") =>
        _study.Write(
            "study.yaml",
            Study
                .Small.Replace("every: 2", "every: 1", StringComparison.Ordinal)
                .Replace(
                    "variants:\n  keep-all: {curate: [keep-all]}\n",
                    $"analysis: {analysis}\n{more}variants: {{a: {{}}, b: {{curate: [{{dedupe: 0.9}}]}}, c: {{curate: [{{random: 0.5}}]}}}}\n",
                    StringComparison.Ordinal
                )
        );
}
