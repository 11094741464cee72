namespace AiMe;

/// <summary>
/// Elementary functions in double precision from IEEE 754 additions, multiplications, divisions and square roots alone, in a
/// fixed order, so that every platform gives the same bits. The platform's own <see cref="Math"/> promises no such thing.
/// </summary>
/// <remarks>
/// Compiled into each room that journals or trains a number (Metrics and Nano), because those rooms reference nothing.
/// Relative error below 1e-15 over the ranges stated, next to a function's zeros too; tested against <see cref="Math"/> in
/// tests/AiMe.Metrics.Tests. Results below 2.2e-308, the subnormal ones, have the absolute error of their last bit.
/// The splitting constants are those of fdlibm (Sun Microsystems, 1993); exact products follow Dekker (1971).
/// </remarks>
internal static class StrictMath
{
    private const double Ln2High = 6.93147180369123816490e-01; // the upper 33 bits of ln 2: k * Ln2High is exact for |k| < 2^20
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.4426950408889634;
    private const double HalfPi1 = 1.57079632673412561417e+00; // pi / 2 in parts of 33 bits: k times a part is exact for |k| < 2^20
    private const double HalfPi2 = 6.07710050630396597660e-11;
    private const double HalfPi3 = 2.02226624871116645580e-21;
    private const double HalfPi4 = 8.47842766036889956997e-32;

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
        return Math.ScaleB(1 + ExpMinusOneNear(r), (int)k);
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

        var (k, m) = Halve(x);
        var s = (m - 1) / (m + 1); // |s| <= 0.1716
        return k * Ln2High + (2 * s + (2 * s * AtanhTail(s * s) + k * Ln2Low));
    }

    /// <summary>Base-2 logarithm, exact at the powers of two. NaN below 0, negative infinity at 0.</summary>
    public static double Log2(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
            return Log(x);
        var (k, m) = Halve(x);
        return k + Log(m) * InverseLn2;
    }

    /// <summary>x to the power y for x >= 0. NaN below 0; 1 where y is 0.</summary>
    /// <returns>Relative error below 2e-15 for results within 1e-200 and 1e200, below 4e-15 beyond.</returns>
    /// <remarks>
    /// A plain exp(y ln x) magnifies the rounding of ln x by |y ln x|, up to 745 times; so ln x and the product carry
    /// their rounding errors along as a second double.
    /// </remarks>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y) || x < 0)
            return double.NaN;
        if (x == 0)
            return y > 0 ? 0 : double.PositiveInfinity;
        if (double.IsPositiveInfinity(x))
            return y > 0 ? x : 0;

        var (high, low) = LogInTwoParts(x);
        var exponent = y * high;
        var power = Exp(exponent);
        if (power == 0 || double.IsPositiveInfinity(power))
            return power;
        return power + power * (ProductError(y, high, exponent) + y * low);
    }

    /// <summary>Sine of x radians. NaN beyond a million either way, where the reduction would lose digits.</summary>
    public static double Sin(double x)
    {
        var (quadrant, r) = Reduce(x);
        return quadrant switch
        {
            0 => SinNear(r),
            1 => CosNear(r),
            2 => -SinNear(r),
            _ => -CosNear(r),
        };
    }

    /// <summary>Cosine of x radians. NaN beyond a million either way, where the reduction would lose digits.</summary>
    public static double Cos(double x)
    {
        var (quadrant, r) = Reduce(x);
        return quadrant switch
        {
            0 => CosNear(r),
            1 => -SinNear(r),
            2 => -CosNear(r),
            _ => SinNear(r),
        };
    }

    /// <summary>Hyperbolic tangent, in [-1, 1].</summary>
    public static double Tanh(double x)
    {
        if (double.IsNaN(x))
            return x;
        var a = Math.Abs(x);
        if (a > 20)
            return Math.CopySign(1, x);
        if (a < 0.17)
        {
            var minusOne = ExpMinusOneNear(-2 * a); // 1 - e^(-2a) itself would cancel here
            return Math.CopySign(-minusOne / (2 + minusOne), x);
        }

        var e = Exp(-2 * a);
        return Math.CopySign((1 - e) / (1 + e), x);
    }

    /// <summary>x = m 2^k with m in (sqrt(1/2), sqrt 2], for x positive and finite.</summary>
    private static (int Exponent, double Mantissa) Halve(double x)
    {
        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k); // [1, 2)
        return m > 1.4142135623730951 ? (k + 1, m / 2) : (k, m);
    }

    /// <summary>e^r - 1 for |r| up to ln 2 / 2, by Taylor in Horner form; the first term dropped is below 1e-18.</summary>
    private static double ExpMinusOneNear(double r)
    {
        var sum = 1.0;
        for (var n = 14; n >= 2; n--)
            sum = 1 + sum * r / n;
        return sum * r;
    }

    /// <summary>atanh(s) / s - 1 = s^2 / 3 + s^4 / 5 + ..., of the square of s.</summary>
    private static double AtanhTail(double s2)
    {
        var sum = 0.0;
        for (var n = 23; n >= 3; n -= 2)
            sum = (sum + 1.0 / n) * s2;
        return sum;
    }

    /// <summary>ln x as an unevaluated sum, to about 1e-18 of it.</summary>
    private static (double High, double Low) LogInTwoParts(double x)
    {
        var (k, m) = Halve(x);
        var top = m - 1; // exact
        var bottom = m + 1;
        var bottomError = m - (bottom - 1);
        var s = top / bottom;
        var product = s * bottom;
        var sLow = (top - product - ProductError(s, bottom, product) - s * bottomError) / bottom;

        var lead = k * Ln2High + 2 * s;
        var leadError = k * Ln2High - lead + 2 * s;
        var tail = leadError + (2 * s * AtanhTail(s * s) + (2 * sLow / (1 - s * s) + k * Ln2Low));
        var high = lead + tail;
        return (high, lead - high + tail);
    }

    /// <summary>a b - product, exactly, where product is a * b rounded.</summary>
    private static double ProductError(double a, double b, double product)
    {
        var (aHigh, aLow) = Split(a);
        var (bHigh, bLow) = Split(b);
        return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
    }

    private static (double High, double Low) Split(double a)
    {
        var scaled = a * 134217729; // 2^27 + 1
        var high = scaled - (scaled - a);
        return (high, a - high);
    }

    private static (int Quadrant, double Remainder) Reduce(double x)
    {
        if (!(Math.Abs(x) <= 1e6))
            return (0, double.NaN);
        var k = Math.Floor(x / 1.5707963267948966 + 0.5);
        return ((int)((long)k & 3), x - k * HalfPi1 - k * HalfPi2 - k * HalfPi3 - k * HalfPi4);
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
