using System.Text;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using static AiMe.Faculties.Supervisor.DeclaredContrast;
using static AiMe.Faculties.Supervisor.DeclaredOutcome;

namespace AiMe.Lab.Tests.Experiments;

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
            { "{predict: [{measure: heldOut, trend: a, within: 0.1}, {measure: heldOut, trend: [a, b, anchor-0], direction: lower}]}", true },
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
        ":22: analysis.predict[0]: found 0 of level, step, contrast, trend and response, expected one: {measure: heldOutRise, contrast: [a, b], direction: higher, beyond: 5%}"
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
                Study("{contrasts: [{ordered: train.anchor.fraction}]}").Replace("[0, 0.1, 0.25, 0.5]", values, StringComparison.Ordinal)
            )
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldContain(problem);

    [Theory]
    [InlineData("[0.5, 0.25, 0]")]
    [InlineData("[0, 10%, 0.25]")]
    public void Values_may_rise_or_fall(string values)
    {
        var file = Study("{contrasts: [{ordered: train.anchor.fraction}]}")
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
