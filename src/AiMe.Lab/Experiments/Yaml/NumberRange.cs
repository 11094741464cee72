namespace AiMe.Lab.Experiments.Yaml;

/// <summary>A range of valid numbers.</summary>
/// <param name="OpenLow">Whether the lower bound is excluded.</param>
/// <param name="OpenHigh">Whether the upper bound is excluded.</param>
internal readonly record struct NumberRange(double Low, double High, bool OpenLow = false, bool OpenHigh = false)
{
    /// <summary>[0, 1].</summary>
    public static NumberRange Unit { get; } = new(0, 1);

    /// <summary>(0, 1].</summary>
    public static NumberRange UnitAboveZero { get; } = new(0, 1, OpenLow: true);

    /// <summary>0 or more.</summary>
    public static NumberRange NotNegative { get; } = new(0, double.PositiveInfinity);

    /// <summary>Above 0.</summary>
    public static NumberRange Positive { get; } = new(0, double.PositiveInfinity, OpenLow: true);

    /// <summary>Any number.</summary>
    public static NumberRange Finite { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Contains(double x) => double.IsFinite(x) && (OpenLow ? x > Low : x >= Low) && (OpenHigh ? x < High : x <= High);

    /// <summary>Text that follows "a number": <c>in (0, 1]</c>, <c>of 0 or more</c>, <c>above 0</c>.</summary>
    public override string ToString() =>
        (double.IsInfinity(Low), double.IsInfinity(High)) switch
        {
            (true, _) => "",
            (false, true) => OpenLow ? $" above {Low}" : $" of {Low} or more",
            (false, false) => $" in {(OpenLow ? '(' : '[')}{Low}, {High}{(OpenHigh ? ')' : ']')}",
        };
}
