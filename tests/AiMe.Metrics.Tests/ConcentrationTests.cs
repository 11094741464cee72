using AiMe.Metrics.Distributions;

namespace AiMe.Metrics.Tests;

public sealed class ConcentrationTests
{
    [Fact]
    public void Equal_options_have_no_inequality_and_one_option_has_all_of_it()
    {
        Concentration.Gini([0.25, 0.25, 0.25, 0.25]).ShouldBe(0, 1e-15);
        Concentration.Gini([0, 0, 1, 0]).ShouldBe(0.75, 1e-15);
    }

    [Fact]
    public void Gini_is_half_the_relative_mean_absolute_difference() => Draw.Hold(Draw.Distribution(7), p =>
        {
            var differences = p.SelectMany(a => p.Select(b => Math.Abs(a - b))).Sum();
            return Math.Abs(Concentration.Gini([.. p]) - differences / (2 * p.Length * p.Sum())) < 1e-12;
        });

    [Fact]
    public void The_mass_of_the_likeliest_grows_with_their_number_to_one() => Draw.Hold(Draw.Distribution(6), p =>
        {
            double[] masses = [.. Enumerable.Range(1, 8).Select(k => Concentration.TopMass([.. p], k))];
            return masses[0] == p.Max() && masses.SequenceEqual(masses.Order()) && Math.Abs(masses[^1] - 1) < 1e-12;
        });

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        Should.Throw<ArgumentException>(() => Concentration.Gini([0.5, 0.6]));
        Should.Throw<ArgumentException>(() => Concentration.TopMass([double.NaN, 1], 1));
    }

    [Fact]
    public void The_divergence_of_logarithms_is_that_of_the_probabilities() => Draw.Hold(Draw.DistributionPair, pair =>
        {
            // A floor keeps the logarithms finite.
            var (p, q) = (Floored(pair.P), Floored(pair.Q));
            var scratch = new double[p.Length];
            var found = KullbackLeibler.OfLogs([.. p.Select(Log)], [.. q.Select(Log)], scratch);
            return Math.Abs(found - KullbackLeibler.Nats(p, q)) < 1e-5 && Math.Abs(scratch.Sum() - 1) < 1e-12;
        });

    [Fact]
    public void Equal_logarithms_have_no_divergence()
    {
        float[] logs = [Log(0.1), Log(0.9)];
        KullbackLeibler.OfLogs(logs, logs, new double[2]).ShouldBe(0);
    }

    private static float Log(double p) => (float)Math.Log(p);

    private static double[] Floored(double[] p) => [.. p.Select(x => (x + 0.01) / (1 + 0.01 * p.Length))];
}
