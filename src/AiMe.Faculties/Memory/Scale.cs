namespace AiMe.Faculties.Memory;

/// <summary>Min-max scaling of one part of the ranking to [0, 1].</summary>
/// <param name="Least">Least value over the recallable memories.</param>
/// <param name="Greatest">Greatest value over them.</param>
public readonly record struct Scale(double Least, double Greatest)
{
    /// <summary>The scale of no values: the first value that is included becomes both ends.</summary>
    public static Scale Empty { get; } = new(double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>Greatest less least value; negative if there is no value.</summary>
    public double Range => Greatest - Least;

    /// <summary>The scale of these values and one more. If a value is NaN, so are both ends.</summary>
    public Scale Including(double value) => new(Math.Min(Least, value), Math.Max(Greatest, value));

    /// <summary>The scale of these values and those of another scale.</summary>
    public Scale Including(Scale other) => new(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));

    /// <summary>The value scaled to [0, 1]; 0 if all values are equal.</summary>
    public double Of(double value) => Greatest > Least ? (value - Least) / (Greatest - Least) : 0;
}
