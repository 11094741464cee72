using System.Buffers.Binary;
using System.Text;
using AiMe.Nano;

namespace AiMe.Models.Distributions;

/// <summary>Independent distributions, one a dimension: what a language model is to other providers.</summary>
/// <remarks>
/// A draw has one whole number a dimension: a category, or a value in units of <see cref="DrawText.Step"/>. So its text is exact. Sums
/// have one order, and logarithms are <c>StrictMath</c>'s: every machine gives the same bits.
/// </remarks>
public abstract class FittedDistribution
{
    private protected FittedDistribution() { }

    /// <summary>
    /// Mean over dimensions of the squared distance between the mean and the true mean, in units of the true variance. The mean of a
    /// categorical distribution is that of its indicator vector, which are its probabilities.
    /// </summary>
    public abstract double MeanError { get; }

    /// <summary>
    /// Mean over dimensions of the variance, in units of the true variance. The variance of a categorical distribution is that of its
    /// indicator vector, 1 - sum p^2, which is the Gini-Simpson index of diversity.
    /// </summary>
    public abstract double Diversity { get; }

    /// <summary>One draw; shape (dimensions).</summary>
    public abstract int[] Draw(ref Rng rng);

    /// <summary>The log-probability of a draw's text, nats; negative infinity if it cannot be drawn.</summary>
    /// <param name="draw">Shape (dimensions).</param>
    public abstract double Nats(ReadOnlySpan<int> draw);

    /// <summary>Its parameters; shape of the family.</summary>
    protected abstract ReadOnlySpan<double> Parameters { get; }

    /// <summary>The first line of its file, which says of what family and size it is.</summary>
    protected abstract string Header { get; }

    /// <summary>The checkpoint: a line that names family and size, and the parameters as little-endian doubles.</summary>
    public byte[] ToBytes()
    {
        var header = Encoding.ASCII.GetBytes(Header);
        var file = new byte[header.Length + sizeof(double) * Parameters.Length];
        header.CopyTo(file, 0);
        var at = header.Length;
        foreach (var parameter in Parameters)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(file.AsSpan(at), parameter);
            at += sizeof(double);
        }

        return file;
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="ProviderException">The bytes are not a distribution of this shape.</exception>
    public static FittedDistribution FromBytes(DistributionShape shape, ReadOnlySpan<byte> file)
    {
        var header = Encoding.ASCII.GetBytes(shape.Truth().Header);
        var count = shape.Dimensions * (shape.Categories ?? 2);
        if (!file.StartsWith(header) || file.Length != header.Length + sizeof(double) * count)
            throw new ProviderException(
                $"The checkpoint has {file.Length} bytes and is no distribution of the model's family and size; expected the line "
                    + $"'{shape.Truth().Header.TrimEnd()}' and {count} doubles."
            );
        var parameters = new double[count];
        for (var i = 0; i < count; i++)
            parameters[i] = BinaryPrimitives.ReadDoubleLittleEndian(file[(header.Length + sizeof(double) * i)..]);
        return shape.Categories is { } k ? new CategoricalFit(k, parameters) : new GaussianFit(parameters);
    }
}
