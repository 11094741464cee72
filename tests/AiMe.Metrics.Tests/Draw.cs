using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>What the properties are tried on. FsCheck prints the seed of a property that fails.</summary>
internal static class Draw
{
    public static Gen<double> Number { get; } = Gen.Choose(-10_000, 10_000).Select(i => i / 16.0);

    public static Gen<double> Unit { get; } = Gen.Choose(0, 1000).Select(i => i / 1000.0);

    public static Gen<double[]> Numbers(int fewest, int most) => Lists(Number, fewest, most);

    public static Gen<T[]> Lists<T>(Gen<T> item, int fewest, int most) => Gen.Choose(fewest, most).SelectMany(n => Gen.ArrayOf(item, n));

    public static Gen<double[]> Distribution(int options) =>
        Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 1000))), options).Select(Normalised);

    public static Gen<(double[] P, double[] Q)> DistributionPair { get; } =
        from options in Gen.Choose(1, 8)
        from p in Distribution(options)
        from q in Gen.Frequency((4, Distribution(options)), (1, Gen.Constant(p)))
        select (p, q);

    public static Gen<string> Text { get; } =
        Lists(Gen.Elements("I", "am", "the", "sea", "my", "name", ".", "?", " ", "don't", "3.14", "\"", "é", "…"), 0, 30)
            .Select(parts => string.Join(' ', parts));

    public static void Hold<T>(Gen<T> gen, Func<T, bool> property) => Prop.ForAll(gen.ToArbitrary(), property).QuickCheckThrowOnFailure();

    /// <summary>A standard normal draw, for simulations.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Normalised(int[] counts)
    {
        if (counts.Sum() == 0)
            counts = [1, .. counts[1..]];
        return [.. counts.Select(c => (double)c / counts.Sum())];
    }
}
