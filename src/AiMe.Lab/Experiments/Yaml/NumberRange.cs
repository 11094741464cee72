using System.Globalization;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>A range of valid numbers. Both bounds are finite.</summary>
/// <param name="OpenLow">Whether the lower bound is excluded.</param>
/// <param name="OpenHigh">Whether the upper bound is excluded.</param>
internal readonly record struct NumberRange(double Low, double High, bool OpenLow = false, bool OpenHigh = false)
{
    /// <summary>[0, 1].</summary>
    public static NumberRange Unit { get; } = new(0, 1);

    /// <summary>(0, 1].</summary>
    public static NumberRange UnitAboveZero { get; } = new(0, 1, OpenLow: true);

    /// <summary>From 0.</summary>
    public static NumberRange UpTo(double high) => new(0, high);

    /// <summary>Above 0.</summary>
    public static NumberRange AboveZeroTo(double high) => new(0, high, OpenLow: true);

    public bool Contains(double x) => double.IsFinite(x) && (OpenLow ? x > Low : x >= Low) && (OpenHigh ? x < High : x <= High);

    /// <summary>Text that follows "a number": <c>in (0, 1]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $" in {(OpenLow ? '(' : '[')}{Low}, {High}{(OpenHigh ? ')' : ']')}");
}
