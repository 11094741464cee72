namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Which numbers are valid.</summary>
/// <param name="OpenLow">The lower bound itself is not valid.</param>
/// <param name="OpenHigh">The upper bound itself is not valid.</param>
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

    /// <summary>Behind "a number": <c>in (0, 1]</c>, <c>of 0 or more</c>, <c>above 0</c>.</summary>
    public override string ToString() =>
        (double.IsInfinity(Low), double.IsInfinity(High)) switch
        {
            (true, _) => "",
            (false, true) => OpenLow ? $" above {Low}" : $" of {Low} or more",
            (false, false) => $" in {(OpenLow ? '(' : '[')}{Low}, {High}{(OpenHigh ? ')' : ']')}",
        };
}
