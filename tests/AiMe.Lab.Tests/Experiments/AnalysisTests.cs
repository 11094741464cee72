using System.Text;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using static AiMe.Faculties.Supervisor.DeclaredContrast;
using static AiMe.Faculties.Supervisor.DeclaredOutcome;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>The section analysis of an experiment: what it declares.</summary>
public sealed class AnalysisTests : IDisposable
{
    private readonly Experiments.Study _study = new();

    public void Dispose() => _study.Dispose();

    /// <summary>Two trained variants a and b, the untrained frozen, and four doses by a matrix.</summary>
    public static string Study(string analysis) =>
        Experiments
            .Study.Small.Replace("every: 2", "every: 1", StringComparison.Ordinal)
            .Replace(
                "variants:\n  keep-all: {curate: [keep-all]}\n",
                $"analysis: {analysis}\n"
                    + "matrix: {train.anchor.fraction: [0, 0.1, 0.25, 0.5]}\n"
                    + "variants: {a: {}, b: {curate: [{dedupe: 0.9}]}, frozen: {train: none}}\n",
                StringComparison.Ordinal
            );

    /// <summary>Analyses, and whether their shape is right.</summary>
    public static TheoryData<string, bool> Shapes =>
        new()
        {
            { "{}", true },
            { "{primary: [held-out CE], contrasts: [all-pairs]}", true },
            { "{primary: [{measure: heldOutRise, smallest-effect: 5%}], contrasts: [{equivalent: [a, b]}]}", true },
            { "{primary: [{survival: repeats, above: 50 %}], contrasts: [{pair: [a, b], direction: higher, measures: [repeats]}]}", true },
            { "{contrasts: [{ordered: train.anchor.fraction, direction: lower}], generation: 3, alpha: 0.01, interval: bca}", true },
            { "{contrasts: [{ordered: [a, b, anchor-0]}, {against: a}, {all-pairs: trained}]}", true },
            { "{predict: [{measure: repeats, level: a, direction: higher, beyond: 5%, at: 2}]}", true },
            { "{predict: [{measure: heldOut, step: a, direction: higher, at: each}]}", true },
            {
                "{predict: [{measure: heldOut, trend: a, within: 0.1}, {measure: heldOut, trend: [a, b, anchor-0], direction: lower}]}",
                true
            },
            { "{predict: [{measure: repeats, level: a}]}", false },
            { "{predict: [{measure: repeats, direction: higher}]}", false },
            { "{predict: [{level: a, direction: higher}]}", false },
            { "{primary: []}", false },
            { "{primary: bareDrift}", false },
            { "{primary: [{survival: repeats}]}", false },
            { "{primary: [{survival: repeats, above: 1%, below: 1%}]}", false },
            { "{primary: [{smallest-effect: 5%}]}", false },
            { "{primary: [{measure: repeats, smallest-effect: -1}]}", false },
            { "{contrasts: [pairs]}", false },
            { "{contrasts: [{pair: [a, b, c]}]}", false },
            { "{contrasts: [{pair: [a]}]}", false },
            { "{contrasts: [{pair: [a, a]}]}", false },
            { "{contrasts: [{ordered: [a, b]}]}", false },
            { "{contrasts: [{pair: [a, b], against: a}]}", false },
            { "{contrasts: [{equivalent: [a, b], direction: higher}]}", false },
            { "{contrasts: [{pair: [a, b], direction: up}]}", false },
            { "{alpha: 1}", false },
            { "{alpha: 0}", false },
            { "{generation: 0}", false },
            { "{interval: t}", false },
            { "{question: ''}", false },
            { "{primry: [repeats]}", false },
        };

    [Fact]
    public void Nothing_is_declared_without_the_section() => _study.Experiment().Plan(default, origin: null).Analysis.ShouldBeNull();

    [Fact]
    public void An_empty_section_declares_bare_drift_of_all_pairs_of_trained_variants()
    {
        var analysis = Analysis("{}");
        (analysis.Question, analysis.Generation, analysis.Alpha, analysis.Interval).ShouldBe((null, null, 0.05, IntervalMethod.Student));
        analysis.Primary.ShouldBe([new Value("bareDrift")]);
        analysis.Secondary.ShouldBeEmpty();
        analysis.Contrasts.Length.ShouldBe(6 * 5 / 2);
        analysis.Contrasts.ShouldAllBe(c => c is Pair);
    }

    [Fact]
    public void Outcomes_are_named_as_in_compare()
    {
        var analysis = Analysis(
            "{primary: [Held-Out CE, {measure: CE since gen. 0, smallest-effect: 5%}], secondary: [{survival: distinct-2, below: 0.3}, {survival: repeats, above: 50%}, distinct2]}"
        );
        analysis.Primary.ShouldBe([new Value("heldOut"), new Value("heldOutRise", 0.05)]);
        analysis.Secondary.ShouldBe([new Survival("distinct2", false, 0.3), new Survival("repeats", true, 0.5), new Value("distinct2")]);
    }

    [Theory]
    [InlineData("{pair: [a, frozen], direction: higher}", "a>frozen")]
    [InlineData("{pair: [a, b]}", "a-b")]
    [InlineData(
        "{against: frozen, direction: higher}",
        "anchor-0>frozen anchor-0p1>frozen anchor-0p25>frozen anchor-0p5>frozen a>frozen b>frozen"
    )]
    [InlineData("{ordered: [anchor-0, anchor-0p25, a], direction: lower}", "anchor-0,anchor-0p25,a lower")]
    [InlineData("{ordered: train.anchor.fraction, direction: lower}", "anchor-0,anchor-0p1,anchor-0p25,anchor-0p5 lower")]
    [InlineData("{equivalent: [a, b]}", "a=b")]
    [InlineData("{pair: [a, b], measures: [bare-drift]}", "a-b on bareDrift")]
    public void A_contrast_is_expanded(string contrast, string contrasts) =>
        string.Join(
                ' ',
                Analysis($"{{primary: [{{measure: bareDrift, smallest-effect: 0.1}}], contrasts: [{contrast}]}}").Contrasts.Select(Text)
            )
            .ShouldBe(contrasts);

    [Fact]
    public void A_setting_of_the_matrix_is_ordered_for_each_combination_of_the_others()
    {
        _study.Write(
            "study.yaml",
            Study("{contrasts: [{ordered: train.anchor.fraction}]}")
                .Replace("0.5]}", "0.5], train.data: [replace, accumulate]}", StringComparison.Ordinal)
        );
        _study
            .Experiment()
            .Analysis!.Contrasts.Select(Text)
            .ShouldBe([
                "anchor-0-replace,anchor-0p1-replace,anchor-0p25-replace,anchor-0p5-replace either",
                "anchor-0-accumulate,anchor-0p1-accumulate,anchor-0p25-accumulate,anchor-0p5-accumulate either",
            ]);
    }

    [Fact]
    public void The_analysis_goes_into_the_plan_and_the_canonical_form()
    {
        Write("{question: Why?, contrasts: [{pair: [a, b], direction: lower}], generation: 2}");
        _study.Experiment().Plan(default, origin: null).Analysis!.Question.ShouldBe("Why?");
        Encoding
            .UTF8.GetString(Canonical.Form(_study.Experiment()))
            .ShouldEndWith(
                """,'loopVersion':3,'analysis':{'question':'Why?','primary':[{'is':'value','smallestEffect':null,'measure':'bareDrift'}],'secondary':[],'contrasts':[{'is':'pair','first':'a','second':'b','direction':'lower','measures':[]}],'generation':2,'alpha':0.05,'interval':'student'}}""".Replace(
                    '\'',
                    '"'
                )
            );
    }

    [Fact]
    public void A_planned_analysis_is_read_from_the_journal_as_it_was_written()
    {
        Write(
            "{primary: [{measure: repeats, smallest-effect: 5%}, {survival: repeats, above: 50%}], secondary: [bareDrift], "
                + "contrasts: [{ordered: train.anchor.fraction}, {pair: [a, b]}, {equivalent: [a, b], measures: [bareDrift]}]}"
        );
        _study.Spoil("study.yaml", "secondary: [bareDrift]", "secondary: [{measure: bareDrift, smallest-effect: 0.1}]");
        RunPlanned planned = new(_study.Experiment().Plan(new ModelId("m0"), origin: null));
        var written = FacultyEvents.Codec.Write(planned);
        var read = FacultyEvents.Codec.Read(FacultyEvents.Codec.ManifestOf(planned), written).ShouldBeOfType<RunPlanned>();
        read.Plan.Analysis!.Contrasts.Length.ShouldBe(3);
        FacultyEvents.Codec.Write(read).ShouldBe(written);
    }

    [Fact]
    public void Another_analysis_is_another_run()
    {
        string[] ids =
        [
            .. ((string[])["{}", "{alpha: 0.01}", "{primary: [heldOut]}", "{question: Why?}", "{contrasts: [{pair: [a, b]}]}"]).Select(a =>
            {
                Write(a);
                return _study.Experiment().RunId;
            }),
        ];
        ids.Distinct().Count().ShouldBe(5);
    }

    [Theory]
    [InlineData("later", EffectDirection.Higher)]
    [InlineData("sooner", EffectDirection.Lower)]
    [InlineData("higher", EffectDirection.Higher)]
    public void A_survival_is_predicted_to_be_later_or_sooner(string word, EffectDirection direction)
    {
        var analysis = Analysis($"{{primary: [{{survival: empty, above: 50%}}], contrasts: [{{pair: [a, b], direction: {word}}}]}}");
        analysis.Contrasts.ShouldBe([new Pair("a", "b", direction)]);
        TestWords.Predicted(direction, analysis.Primary[0]).ShouldBe(direction == EffectDirection.Higher ? "later" : "sooner");
    }

    private void Write(string analysis) => _study.Write("study.yaml", Study(analysis));

    private AnalysisPlan Analysis(string analysis)
    {
        Write(analysis);
        return _study.Experiment().Analysis.ShouldNotBeNull();
    }

    private static string Text(DeclaredContrast contrast) =>
        contrast switch
        {
            Pair p => $"{p.First}{p.Direction switch { EffectDirection.Higher => ">", EffectDirection.Lower => "<", _ => "-" }}{p.Second}",
            Ordered o => $"{string.Join(',', o.Variants)} {o.Direction.ToString().ToLowerInvariant()}",
            Equivalent e => $"{e.First}={e.Second}",
            _ => throw new NotSupportedException(),
        } + (contrast.Measures.IsEmpty ? "" : $" on {string.Join(',', contrast.Measures)}");
}
