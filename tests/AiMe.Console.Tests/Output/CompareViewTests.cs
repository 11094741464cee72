using AiMe.Console.Output.Comparison;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Comparison;
using Spectre.Console;

namespace AiMe.Console.Tests.Output;

public sealed class CompareViewTests
{
    private static readonly double[] High = [0.20, 0.21, 0.22, 0.23, 0.24];
    private static readonly double[] Low = [0.01, 0.02, 0.01, 0.02, 0.01];

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        foreach (var comparison in new[] { Lives.Compare(High, Low), LongNames })
            Page(comparison, width).Split('\n').ShouldAllBe(line => line.TrimEnd().Length <= width);
    }

    [Fact]
    public void No_figure_is_broken_at_80_columns_even_beside_long_names()
    {
        var page = Page(LongNames, 80);

        page.ShouldContain(" -deduplicated ");
        page[..page.IndexOf("Findings", StringComparison.Ordinal)]
            .Split('\n')
            .ShouldAllBe(l => l.Count(c => c == '[') == l.Count(c => c == ']'));
    }

    [Fact]
    public void What_the_columns_mean_is_explained_where_it_is_asked_for()
    {
        var comparison = Lives.Compare(High, Low);
        var explained = Screen.Of(80, c => CompareView.Write(c, comparison, Selection.All, PageForm.Explained));

        explained.ShouldContain("Bare drift: change of the model's own answers");
        explained.ShouldContain("Declared tests");
        explained.ShouldContain("Differences");
        Page(comparison, 80).ShouldNotContain("effect of rephrasing the questions on the answers");
        Page(comparison, 80).ShouldContain("--explain");
    }

    [Fact]
    public void The_page_of_a_few_variants_is_one_screen() =>
        Page(Lives.Compare(High, Low), 80).Split('\n').Length.ShouldBeLessThanOrEqualTo(50);

    [Fact]
    public void Columns_of_collapse_are_shown_where_something_collapsed()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"));
        var quiet = Lives.Instance("wild", 1, 0.1);
        quiet = quiet with { Rounds = [.. quiet.Rounds.Select(r => r with { Forms = new AnswerForms(0.25, 0, 0, 2) })] };

        Page(Lives.Compare(plan, quiet), 80).ShouldContain("empty");
        Page(Lives.Compare(plan, quiet), 80).ShouldNotContain("recited");
        Page(Lives.Compare(plan, Lives.Instance("wild", 1, 0.1)), 80).ShouldNotContain("empty");
    }

    [Fact]
    public void A_declared_survival_is_shown_as_a_curve()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame")) with
        {
            Analysis = new AnalysisPlan(
                null,
                [new DeclaredOutcome.Survival("bareDrift", Above: true, 0.15)],
                [],
                [new DeclaredContrast.Pair("wild", "tame")],
                null,
                0.05,
                IntervalMethod.Student
            ),
        };
        var page = Page(Lives.Compare(plan, Lives.Instance("wild", 1, 0.2), Lives.Instance("tame", 1, 0.1)), 80);

        page.ShouldContain("Survival: bare drift above 0.150");
        page.ShouldContain("██▁");
        page.ShouldContain("1 of 1");
    }

    [Fact]
    public void The_control_s_0_is_said_to_be_by_construction() => Page(Lives.Compare(High, Low), 80).ShouldContain("0 by construction");

    [Fact]
    public void A_variant_without_a_promotion_is_said_to_have_the_base_model() =>
        Page(Lives.Compare(new double[5], new double[5], RoundOutcome.RolledBack), 80).ShouldContain("0: still the base");

    [Fact]
    public void A_declared_pair_whose_drift_the_gate_kept_at_0_is_said_not_to_be_tested()
    {
        var plan = Lives.Plan(6, Lives.Variant("wild"), Lives.Variant("stuck"));
        var comparison = Lives.Compare(
            plan,
            [
                .. Enumerable
                    .Range(1, 6)
                    .SelectMany(r =>
                        new[]
                        {
                            Lives.Instance("wild", r, 0.2 + r / 100.0),
                            Lives.Instance("stuck", r, 0, RoundOutcome.RolledBack, rise: 0),
                        }
                    ),
            ]
        );

        Page(comparison, 80).ShouldContain("0: still the base");
        Screen
            .Of(160, c => CompareView.Write(c, comparison, Selection.All with { Baseline = "stuck" }, PageForm.Usual))
            .ShouldContain("test of bare drift (declared): stuck cannot change, not tested");
    }

    [Fact]
    public void An_undefined_figure_is_a_hyphen() => Page(Lives.Compare(High, Low), 80).ShouldNotContain("NaN");

    [Fact]
    public void A_figure_that_fewer_instances_have_says_how_many_and_a_cut_interval_stands_instead_of_its_half()
    {
        var plan = Lives.Plan(5, Lives.Variant("wild"));
        InstanceSummary[] instances = [.. Enumerable.Range(1, 5).Select(r => Lives.Instance("wild", r, 0.1))];
        foreach (var r in Enumerable.Range(0, 5))
            instances[r] = instances[r] with
            {
                Rounds =
                [
                    .. instances[r].Rounds.Select(f => f with { Coherence = r < 3 ? 0.1 + r / 100.0 : double.NaN, Kept = r == 0 ? 4 : 0 }),
                ],
            };
        var comparison = Lives.Compare(plan, instances);

        Page(comparison, 80).ShouldContain("±0.02 (3)");
        Page(comparison, 80).ShouldContain("(k): of k instances");
        Page(comparison, 80).ShouldContain("[0%, 76%]");
        Page(comparison, 160).ShouldContain("(3)");
        Screen
            .Of(80, c => CompareView.Write(c, comparison, Selection.All with { Measures = [Measure.Coherence] }, PageForm.Usual))
            .ShouldContain("(3)");
    }

    [Fact]
    public void Without_unicode_it_is_plain_ascii() => Page(Lives.Compare(High, Low), 80, unicode: false).ShouldAllBe(c => c <= '~');

    [Fact]
    public void Before_a_round_is_over_there_are_words_and_no_empty_table()
    {
        var page = Page(
            Lives.Compare(Lives.Plan(1, Lives.Variant("wild")), Lives.Instance("wild", 1, 0, status: InstanceState.Living, reached: 0)),
            80
        );

        page.ShouldContain("nothing to compare yet");
        page.ShouldNotContain("agent drift");
    }

    private static RunComparison LongNames
    {
        get
        {
            string[] names = ["accumulate-all-of-it", "aligned-and-deduplicated", "frozen"];
            var plan = Lives.Plan(2, [.. names.Select(n => Lives.Variant(n))]);
            return Lives.Compare(plan, [.. names.SelectMany(n => new[] { Lives.Instance(n, 1, 0.1), Lives.Instance(n, 2, 0.12) })]);
        }
    }

    private static string Page(RunComparison comparison, int width, bool unicode = true)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = unicode;
        CompareView.Write(console, comparison);
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
