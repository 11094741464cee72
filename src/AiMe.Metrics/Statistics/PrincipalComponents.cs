using MathNet.Numerics.LinearAlgebra;

namespace AiMe.Metrics.Statistics;

/// <summary>The directions in which rows vary most about a fixed origin.</summary>
/// <remarks>
/// The origin is given and not the rows' own mean. Source: Pearson (1901); Jolliffe (2002), section 1.1. The smaller of the
/// two Gram matrices is decomposed: with n rows of d values it is n x n for n at most d (Jolliffe, section 3.5).
/// </remarks>
public sealed class PrincipalComponents
{
    private const double Negligible = 1e-12;

    private readonly double[] _origin;

    private PrincipalComponents(double[] origin, double[][] axes, double[] shares)
    {
        _origin = origin;
        Axes = axes;
        Shares = shares;
    }

    /// <summary>
    /// Orthonormal directions, the strongest first; shape (components, values). Fewer than asked for if the rows span less.
    /// </summary>
    public IReadOnlyList<double[]> Axes { get; }

    /// <summary>The share of the rows' sum of squares about the origin along each axis, in [0, 1].</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>Finds the first components.</summary>
    /// <param name="rows">Shape (rows, values); finite.</param>
    /// <param name="origin">Shape (values).</param>
    /// <param name="count">At most as many components, 1 or more.</param>
    /// <param name="upwards">
    /// Fixes the sign: each axis points to where its product with this direction is not negative. Shape (values).
    /// </param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static PrincipalComponents Of(IReadOnlyList<double[]> rows, double[] origin, int count, double[] upwards)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(upwards);
        if (rows.Any(r => r.Length != origin.Length) || upwards.Length != origin.Length)
            throw new ArgumentException($"Expected {origin.Length} values in every row and in the direction of the sign.");
        double[][] centred = [.. rows.Select(r => r.Select((v, i) => v - origin[i]).ToArray())];
        var total = centred.Sum(r => Dot(r, r));
        if (!(total > Negligible))
            return new(origin, [], []);
        var data = Matrix<double>.Build.DenseOfRowArrays(centred);
        var dual = data.RowCount <= data.ColumnCount;
        var gram = dual ? data.TransposeAndMultiply(data) : data.TransposeThisAndMultiply(data);
        var found = gram.Evd(Symmetricity.Symmetric);
        List<double[]> axes = [];
        List<double> shares = [];
        // eigenvalues are in ascending order
        for (var i = gram.RowCount - 1; i >= 0 && axes.Count < count; i--)
        {
            var value = found.EigenValues[i].Real;
            if (value <= Negligible * total)
                break;
            var vector = found.EigenVectors.Column(i);
            var axis = (dual ? data.TransposeThisAndMultiply(vector) / Math.Sqrt(value) : vector).ToArray();
            axes.Add(Upwards(axis, upwards));
            shares.Add(value / total);
        }

        return new(origin, [.. axes], [.. shares]);
    }

    /// <summary>The place of a row along each axis; shape (components).</summary>
    public double[] Project(double[] row)
    {
        ArgumentNullException.ThrowIfNull(row);
        double[] centred = [.. row.Select((v, i) => v - _origin[i])];
        return [.. Axes.Select(a => Dot(a, centred))];
    }

    /// <summary>The share of some rows' sum of squares about the origin along all axes, in [0, 1]; NaN if they do not move.</summary>
    public double ShareOf(IReadOnlyCollection<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var total = rows.Sum(r => r.Select((v, i) => (v - _origin[i]) * (v - _origin[i])).Sum());
        return total > Negligible ? rows.Sum(r => Project(r).Sum(p => p * p)) / total : double.NaN;
    }

    // Without a side, the largest weight is positive; ties are broken by the first.
    private static double[] Upwards(double[] axis, double[] upwards)
    {
        var side = Dot(axis, upwards);
        if (Math.Abs(side) < Negligible)
            side = axis.MaxBy(Math.Abs);
        return side < 0 ? [.. axis.Select(v => -v)] : axis;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
