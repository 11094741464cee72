using AiMe.Bench.Experiments;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Bench;

/// <summary>The statistics behind the table of signals in docs/SCIENCE.md.</summary>
public sealed class SignalTests
{
    private static readonly string[] s_variants = ["inward", "aligned", "typical", "drawn", "keep-all", "keep-all-again"];

    [Fact]
    public void A_signal_is_the_mean_over_seeds_in_units_of_the_noise_of_equal_variants()
    {
        var signal = Signal.Of(
            [
                [9, 11],
                [11, 13],
                [10, 12],
            ],
            [
                [1, 3],
                [-1, 1],
                [-3, -1],
            ]
        );

        signal.Mean.Mean.ShouldBe(11, 1e-12);
        signal.Noise.ShouldBe(2, 1e-12, "the means of equal variants are 2, 0 and -2");
        signal.OverNoise.ShouldBe(5.5, 1e-12);
        signal.Scatter.ShouldBe(Math.Sqrt(2), 1e-12, "within an experiment all scatter alike");
        signal.Rejected.ShouldBe(0, "two pairs cannot reject");
        signal.Replicates.ShouldBe("6", "no fewer pairs reach .05 with sign flips");
    }

    [Fact]
    public void Scatter_is_pooled_by_degrees_of_freedom() =>
        Signal
            .Of(
                [
                    [0, 2],
                    [3, 3, 3, 3],
                    [7],
                    [],
                ],
                [
                    [0],
                    [1],
                ]
            )
            .Scatter.ShouldBe(Math.Sqrt(2.0 / 4), 1e-12, "one square of 2 in 1 + 3");

    [Fact]
    public void Needed_replicates_are_those_of_a_paired_t_test()
    {
        // Half a standard deviation, .05 two-sided, power .8: 34 by G*Power 3.1.
        double[] seed = [0.5 - Math.Sqrt(0.5), 0.5 + Math.Sqrt(0.5)];
        Signal
            .Of(
                [seed, seed],
                [
                    [0],
                    [1],
                ]
            )
            .Needed.ShouldBe(34);
    }

    [Fact]
    public void A_mean_that_cannot_be_told_from_0_needs_no_number_of_replicates()
    {
        var signal = Signal.Of(
            [
                [1, 1],
                [-1, -1.1],
            ],
            [
                [1],
                [2],
            ]
        );

        signal.Exists.ShouldBeFalse();
        signal.Replicates.ShouldBe("none");
    }

    [Fact]
    public void More_than_128_replicates_are_not_counted() =>
        Signal
            .Of(
                [
                    [-9, 11],
                    [-9.1, 11.1],
                    [-9, 11.1],
                ],
                [
                    [1],
                    [2],
                ]
            )
            .Replicates.ShouldBe(">128");

    [Fact]
    public void Without_noise_or_values_nothing_is_told()
    {
        Signal
            .Of(
                [
                    [1, 1],
                    [1, 2],
                ],
                [
                    [0, 0],
                    [0, 0],
                ]
            )
            .OverNoise.ShouldBe(double.NaN, "equal variants never differ");
        Signal
            .Of(
                [
                    [],
                    [],
                ],
                [
                    [1],
                    [2],
                ]
            )
            .Replicates.ShouldBe("-");
        Signal
            .Of(
                [
                    [],
                    [],
                ],
                [
                    [1],
                    [2],
                ]
            )
            .Rejected.ShouldBe(double.NaN);
    }

    [Fact]
    public void A_line_of_the_file_gives_back_the_value()
    {
        foreach (var value in new[] { 1.0 / 3, double.NaN, -1e-300 })
            SignalValue.Parse(new SignalValue(7, "drawn", 2, "novelty", value).ToLine()).ShouldBe(new(7, "drawn", 2, "novelty", value));
        Should.Throw<FormatException>(() => SignalValue.Parse("7,drawn"));
    }

    [Fact]
    public void The_table_has_every_measure_but_doses_and_the_greatest_signal_first()
    {
        // Novelty follows the variant, distinct-2 follows nothing, coherence is undefined in half of the pairs.
        var study = new SignalStudy([
            .. from seed in new ulong[] { 1, 2, 3 }
            from variant in s_variants
            from replicate in new[] { 1, 2 }
            from measure in Measure.All
            select new SignalValue(seed, variant, replicate, measure.Key, Value(measure, variant, (int)seed, replicate)),
        ]);

        var rows = study.Table().Rows;
        rows.Count.ShouldBe(Measure.All.Length - Measure.Doses.Length);
        rows[0][0].ShouldBe("novelty");
        rows.ShouldAllBe(r => r.Length == study.Table().Head.Length);
        study.Lacking().ShouldBe("Share of pairs without a value, above .10: coherence (0.50).");
        study.Doses().Rows.ShouldAllBe(r => r[2] == "288.0");
    }

    [Fact]
    public void The_experiment_has_the_variants_that_are_contrasted() =>
        Laboratory.Read("signal.yaml").Variants.Select(v => v.Name).ShouldBe(s_variants);

    private static double Value(Measure measure, string variant, int seed, int replicate) =>
        measure.Key switch
        {
            "passes" => 288,
            "coherence" when replicate == 2 => double.NaN,
            "novelty" => s_variants.IndexOf(variant) + 0.01 * (variant.Length * seed % 4),
            "distinct2" => 0.01 * (variant.Length * seed % 4),
            _ => 1,
        };
}
