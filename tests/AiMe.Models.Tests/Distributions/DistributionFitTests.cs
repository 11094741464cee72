using AiMe.Models.Distributions;
using AiMe.Nano;

namespace AiMe.Models.Tests.Distributions;

/// <summary>The laws of fits to draws of fits, and what a fit is.</summary>
public sealed class DistributionFitTests
{
    private const int T = 10;
    private const int Generations = 5;

    private static readonly DistributionShape s_gaussian = new(20_000);
    private static readonly DistributionShape s_categorical = new(5_000, Categories: 8);

    [Fact]
    public void If_the_draws_are_replaced_the_error_of_the_mean_grows_by_one_over_T_in_each_generation()
    {
        Rng rng = new(1);
        var fit = s_gaussian.Fit([.. s_gaussian.Real(seed: 2, T)]);
        for (var n = 0; n <= Generations; n++, fit = s_gaussian.Fit(Draws(fit, ref rng)))
        {
            (T * fit.MeanError).ShouldBe(n + 1, 0.06 * (n + 1), $"after {n} trainings, of seed 1");
            fit.Diversity.ShouldBe(1, 0.05, "the variance is unbiased");
        }
    }

    [Fact]
    public void If_the_draws_accumulate_with_the_real_ones_the_error_of_the_mean_is_a_sum_that_converges()
    {
        Rng rng = new(1);
        List<int[]> pool = [.. s_gaussian.Real(seed: 2, T)];
        var (fit, law) = (s_gaussian.Fit(pool), 1.0);
        for (var n = 0; n <= Generations; n++)
        {
            (T * fit.MeanError).ShouldBe(law, 0.04 * law, $"after {n} trainings, of seed 1");
            law += 1.0 / ((n + 2) * (n + 2));
            pool.AddRange(Draws(fit, ref rng));
            fit = s_gaussian.Fit(pool);
        }
    }

    [Fact]
    public void If_categories_are_replaced_their_diversity_falls_by_one_over_T_of_itself_in_each_generation()
    {
        Rng rng = new(1);
        var fit = s_categorical.Fit([.. s_categorical.Real(seed: 2, T)]);
        var law = 1.0;
        for (var n = 0; n <= Generations; n++, fit = s_categorical.Fit(Draws(fit, ref rng)))
        {
            law *= 1 - 1.0 / T;
            fit.Diversity.ShouldBe(law, 0.02 * law, $"after {n} trainings, of seed 1");
            fit.MeanError.ShouldBe(1 - law, 0.05 * (1 - law), "what is lost of the variance within is that between");
        }
    }

    [Fact]
    public void The_truth_has_no_error_and_all_diversity()
    {
        foreach (var shape in (DistributionShape[])[s_gaussian, s_categorical])
        {
            shape.Truth().MeanError.ShouldBe(0);
            shape.Truth().Diversity.ShouldBe(1, 1e-12);
        }
    }

    [Fact]
    public void A_gaussian_fit_has_the_mean_and_the_unbiased_variance()
    {
        var fit = new DistributionShape(1).Fit([
            [1000],
            [2000],
            [6000],
        ]);
        fit.MeanError.ShouldBe(9, 1e-12);
        fit.Diversity.ShouldBe(7, 1e-12);
    }

    [Fact]
    public void A_categorical_fit_has_the_relative_frequencies()
    {
        var fit = new DistributionShape(1, Categories: 2).Fit([
            [0],
            [0],
            [0],
            [1],
        ]);
        fit.Nats([0]).ShouldBe(Math.Log(0.75), 1e-12);
        fit.Diversity.ShouldBe(0.75, 1e-12, "1 - 10/16, over 1/2");
        fit.MeanError.ShouldBe(0.25, 1e-12, "2/16, over 1/2");
    }

    [Fact]
    public void The_probability_of_a_gaussian_text_is_its_density_times_the_step()
    {
        var truth = new DistributionShape(1).Truth();
        truth.Nats([0]).ShouldBe(Math.Log(0.001 / Math.Sqrt(2 * Math.PI)), 1e-12);
        (truth.Nats([1000]) - truth.Nats([0])).ShouldBe(-0.5, 1e-12);
    }

    [Fact]
    public void A_dimension_without_variance_gives_one_value_alone()
    {
        var fit = new DistributionShape(1).Fit([
            [5],
            [5],
        ]);
        Rng rng = new(1);
        fit.Draw(ref rng).ShouldBe([5]);
        fit.Nats([5]).ShouldBe(0);
        fit.Nats([6]).ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public void A_checkpoint_is_read_back_bit_for_bit_and_of_another_shape_refused()
    {
        foreach (var shape in (DistributionShape[])[new(7), new(7, Categories: 3)])
        {
            var file = shape.Fit([.. shape.Real(seed: 3, T)]).ToBytes();
            FittedDistribution.FromBytes(shape, file).ToBytes().ShouldBe(file);
            Should.Throw<ProviderException>(() => FittedDistribution.FromBytes(shape with { Dimensions = 8 }, file));
            Should.Throw<ProviderException>(() => FittedDistribution.FromBytes(shape, file.AsSpan(0, file.Length - 1)));
        }
    }

    [Fact]
    public void A_variance_needs_two_draws() =>
        Should
            .Throw<ProviderException>(() =>
                new DistributionShape(1).Fit([
                    [0],
                ])
            )
            .Message.ShouldContain("two or more");

    [Fact]
    public void Fewer_real_draws_are_the_first_of_more() => s_gaussian.Real(4, 2).ShouldBe(s_gaussian.Real(4, 5).Take(2));

    private static List<int[]> Draws(FittedDistribution fit, ref Rng rng)
    {
        List<int[]> draws = [];
        for (var i = 0; i < T; i++)
            draws.Add(fit.Draw(ref rng));
        return draws;
    }
}
