using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Lab.Tests.Analysis.Comparison.Tables;

public sealed class TableTests
{
    private static readonly RunComparison Three = Lives.Compare([0.1, 0.3], [0.2, 0.3]);
    private static readonly RunComparison AgainstTame = Three.Select(
        Selection.All with
        {
            Baseline = "tame",
            Measures = [Measure.BareDrift],
        }
    );

    [Fact]
    public void Means_have_a_row_a_variant_measure_and_generation() =>
        VariantTable.Of(Three, first: 0).Rows.Length.ShouldBe(3 * Measure.All.Length * 3);

    [Fact]
    public void A_row_has_every_digit() =>
        VariantTable.Of(Three, first: 2).Rows[0].ShouldBe(["test-12345678", "wild", "2", "bareDrift", "2", "0.2", "0", "1"]); // cut

    [Fact]
    public void What_is_undefined_is_empty() =>
        VariantTable.Of(Three, first: 0).Rows.ShouldContain(r => r[2] == "0" && r[3] == "novelty" && r[4] == "0" && r[5].Length == 0);

    [Fact]
    public void Every_row_has_as_many_fields_as_the_header()
    {
        foreach (
            var table in new[]
            {
                VariantTable.Of(Three, first: 0),
                VariantTable.Of(AgainstTame, first: 0),
                InstanceTable.Of(Three, only: null),
                ContrastTable.Of(Three),
            }
        )
            table.Rows.ShouldAllBe(r => r.Length == table.Header.Length);
    }

    [Fact]
    public void Against_a_baseline_there_is_the_difference() =>
        VariantTable.Of(AgainstTame, first: 2).Rows[0].Skip(8).Take(2).ShouldBe(["tame", "2"]);

    [Fact]
    public void Raw_figures_have_a_row_an_instance_generation_and_measure()
    {
        var table = InstanceTable.Of(Three, only: null);

        table.Rows.Length.ShouldBe(6 * 3 * Measure.All.Length);
        table.Rows[0].ShouldBe(["test-12345678", "wild", "1", "wild-1", "0", "bareDrift", "0", "false", "false", ""]);
        InstanceTable.Of(Three, only: 2).Rows.ShouldAllBe(r => r[4] == "2");
    }

    [Fact]
    public void An_instance_that_ended_early_has_rows_up_to_where_it_ended_and_one_that_is_left_out_has_none()
    {
        var comparison = Lives.Compare(
            Lives.Plan(2, Lives.Variant("wild")),
            Lives.Instance("wild", 1, 0.1, status: InstanceState.Parked, reached: 1),
            Lives.Instance("wild", 2, 0.2) with
            {
                Deeds = [new(InterventionKind.Spoke, After: 0)],
            }
        );

        var rows = InstanceTable.Of(comparison, only: null).Rows;
        rows.Where(r => r[3] == "wild-1").Select(r => (r[4], r[8])).Distinct().ShouldBe([("0", "true"), ("1", "true")]);
        rows.Where(r => r[3] == "wild-2").Select(r => (r[4], r[7])).Distinct().ShouldBe([("0", "false"), ("1", "true"), ("2", "true")]);
        InstanceTable.Of(comparison.PlannedOnly(), only: null).Rows.ShouldAllBe(r => r[3] == "wild-1");
    }

    [Fact]
    public void A_contrast_says_whether_it_was_declared()
    {
        var rows = ContrastTable.Of(Three.Select(Selection.All with { Measures = [Measure.BareDrift, Measure.AgentDrift] })).Rows;

        rows.Select(r => (r[2], r[3], r[8]))
            .ShouldBe(
                [
                    ("bareDrift", "wild - tame", "primary"),
                    ("agentDrift", "wild - tame", "no"),
                    ("bareDrift", "wild - still", "no"),
                    ("agentDrift", "wild - still", "no"),
                    ("bareDrift", "tame - still", "no"),
                    ("agentDrift", "tame - still", "no"),
                ],
                ignoreOrder: true
            );
        rows[0][16..19].ShouldBe(["1", "1", "1"]); // one of the two differences is 0
        rows[1][17].ShouldBeEmpty();
    }

    [Fact]
    public void A_contrast_has_a_column_for_each_of_its_parts_and_says_why_there_is_no_p()
    {
        var table = ContrastTable.Of(Three.Select(Selection.All with { Measures = [Measure.BareDrift] }));

        table.Header[3..10].ShouldBe(["contrast", "variants", "first", "second", "direction", "declared", "method"]);
        table.Rows[0][3..10].ShouldBe(["wild - tame", "wild tame", "wild", "tame", "either", "primary", "sign flips"]);
        table.Rows[0][^1].ShouldBeEmpty();
        table
            .Rows.Single(r => r[3] == "tame - still")
            .ShouldSatisfyAllConditions(
                r => r[16].ShouldBeEmpty(),
                r => r[^1].ShouldBe("still has the base model, of which bare drift cannot change")
            );
    }

    [Fact]
    public void Csv_quotes_what_needs_it() =>
        TableText
            .Csv(
                new(
                    ["a", "b"],
                    [
                        ["x,y", "say \"no\""],
                    ]
                )
            )
            .ShouldBe("a,b\r\n\"x,y\",\"say \"\"no\"\"\"\r\n");

    [Fact]
    public void Latex_has_the_rules_of_booktabs_and_escapes() =>
        TableText
            .Latex(
                new(
                    ["variant", "CE (±)"],
                    [
                        ["keep_all-2", "-5% [-1, 2] <0.1"],
                    ]
                ),
                "here"
            )
            .ShouldBe(
                "% here\n\\begin{tabular}{lr}\n\\toprule\nvariant & CE ($\\pm$) \\\\\n\\midrule\n"
                    + "keep\\_all-2 & $-$5\\% [$-$1, 2] $<$0.1 \\\\\n\\bottomrule\n\\end{tabular}\n"
            );

    [Fact]
    public void Markdown_escapes_its_own_signs() =>
        TableText
            .Markdown(
                new(
                    ["a", "b"],
                    [
                        ["x|y", "[1]"],
                    ]
                )
            )
            .ShouldBe("| a | b |\n| :-- | --: |\n| x\\|y | \\[1\\] |\n");
}
