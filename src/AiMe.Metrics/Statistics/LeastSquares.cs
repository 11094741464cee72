namespace AiMe.Metrics.Statistics;

/// <summary>The straight line through points with the least sum of squared vertical distances.</summary>
public static class LeastSquares
{
    /// <summary>Its slope: sum of (x - mean x)(y - mean y) over sum of (x - mean x)^2.</summary>
    /// <param name="points">In any order.</param>
    /// <returns>In units of y per unit of x. NaN below two different x, or when a coordinate is NaN.</returns>
    public static double Slope(ReadOnlySpan<(double X, double Y)> points)
    {
        var (x, y) = (0.0, 0.0);
        foreach (var point in points)
            (x, y) = (x + point.X / points.Length, y + point.Y / points.Length);
        var (products, squares) = (0.0, 0.0);
        foreach (var point in points)
        {
            products += (point.X - x) * (point.Y - y);
            squares += (point.X - x) * (point.X - x);
        }

        return squares > 0 ? products / squares : double.NaN;
    }
}
