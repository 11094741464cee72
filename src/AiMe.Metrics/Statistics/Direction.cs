namespace AiMe.Metrics.Statistics;

/// <summary>The direction of a difference or of a trend that a test looks for, declared before the data are seen.</summary>
public enum Direction
{
    /// <summary>Two-sided: any difference, or a trend either way.</summary>
    Either,

    /// <summary>One-sided: a difference above 0, or values that rise along the order.</summary>
    Greater,

    /// <summary>One-sided: a difference below 0, or values that fall along the order.</summary>
    Less,
}

/// <summary>What a direction counts as large.</summary>
internal static class DirectionSize
{
    /// <summary>A deviation from what the null hypothesis expects, turned so that a larger value speaks more against it.</summary>
    public static double Size(this Direction direction, double deviation) =>
        direction switch
        {
            Direction.Either => Math.Abs(deviation),
            Direction.Greater => deviation,
            Direction.Less => -deviation,
            _ => throw new ArgumentOutOfRangeException(nameof(direction), direction, "Not a direction."),
        };

    /// <summary>2 for <see cref="Direction.Either"/>, 1 for the others.</summary>
    public static int Sides(this Direction direction) => direction == Direction.Either ? 2 : 1;
}
