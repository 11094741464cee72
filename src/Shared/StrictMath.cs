namespace AiMe;

/// <summary>
/// Elementary functions in double precision from IEEE 754 additions, multiplications, divisions and square roots alone, in a
/// fixed order, so that every platform gives the same bits. The platform's own <see cref="Math"/> promises no such thing.
/// </summary>
/// <remarks>
/// Compiled into each room that journals or trains a number (Metrics and Nano), because those rooms reference nothing.
/// Relative error below 1e-15 over the ranges stated; tested against <see cref="Math"/>.
/// </remarks>
internal static class StrictMath
{
    private const double Ln2High = 6.93147180369123816490e-01; // the upper 33 bits of ln 2: k * Ln2High is exact for |k| < 2^20
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double HalfPiHigh = 1.57079632673412561417e+00; // the upper 33 bits of pi / 2
    private const double HalfPiLow = 6.07710050650619224932e-11;

    /// <summary>e to the power x. Gives 0 below -745.2 and positive infinity above 709.8.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.782712893384)
            return double.PositiveInfinity;
        if (x < -745.1332191019412)
            return 0;

        var k = Math.Floor(x / 0.6931471805599453 + 0.5);
        var r = x - k * Ln2High - k * Ln2Low; // |r| <= ln 2 / 2
        var sum = 1.0;
        for (var n = 14; n >= 1; n--)
            sum = 1 + sum * r / n; // Taylor in Horner form; the first term dropped is below 1e-18
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>Natural logarithm. NaN below 0, negative infinity at 0.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x))
            return x;

        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k); // [1, 2)
        if (m > 1.4142135623730951)
        {
            m /= 2;
            k++;
        }

        var s = (m - 1) / (m + 1); // |s| <= 0.1716
        var s2 = s * s;
        var sum = 0.0;
        for (var n = 23; n >= 3; n -= 2)
            sum = (sum + 1.0 / n) * s2;
        return k * Ln2High + (2 * s + (2 * s * sum + k * Ln2Low));
    }

    /// <summary>Base-2 logarithm.</summary>
    public static double Log2(double x) => Log(x) * 1.4426950408889634;

    /// <summary>x to the power y for x > 0, as exp(y ln x).</summary>
    public static double Pow(double x, double y) => x == 0 ? (y == 0 ? 1 : 0) : Exp(y * Log(x));

    /// <summary>Sine of x radians, |x| up to about a million.</summary>
    public static double Sin(double x)
    {
        var (quadrant, r) = Reduce(x);
        return quadrant switch { 0 => SinNear(r), 1 => CosNear(r), 2 => -SinNear(r), _ => -CosNear(r) };
    }

    /// <summary>Cosine of x radians, |x| up to about a million.</summary>
    public static double Cos(double x)
    {
        var (quadrant, r) = Reduce(x);
        return quadrant switch { 0 => CosNear(r), 1 => -SinNear(r), 2 => -CosNear(r), _ => SinNear(r) };
    }

    /// <summary>Hyperbolic tangent, in [-1, 1].</summary>
    public static double Tanh(double x)
    {
        if (double.IsNaN(x))
            return x;
        var a = Math.Abs(x);
        if (a > 20)
            return Math.CopySign(1, x);
        if (a < 1e-4)
            return x - x * x * x / 3; // below this 1 - e^(-2a) loses digits
        var e = Exp(-2 * a);
        return Math.CopySign((1 - e) / (1 + e), x);
    }

    private static (int Quadrant, double Remainder) Reduce(double x)
    {
        var k = Math.Floor(x / 1.5707963267948966 + 0.5);
        return ((int)((long)k & 3), x - k * HalfPiHigh - k * HalfPiLow);
    }

    private static double SinNear(double r)
    {
        var r2 = r * r;
        var sum = 1.0;
        for (var n = 18; n >= 2; n -= 2)
            sum = 1 - sum * r2 / (n * (n + 1));
        return r * sum;
    }

    private static double CosNear(double r)
    {
        var r2 = r * r;
        var sum = 1.0;
        for (var n = 17; n >= 1; n -= 2)
            sum = 1 - sum * r2 / (n * (n + 1));
        return sum;
    }
}
