namespace AiMe.Nano.Lora;

/// <summary>The size of an adapter.</summary>
public sealed record AdapterOptions
{
    /// <summary>Columns of each pair of thin matrices, from 1 to the model's width. Default 8.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>
    /// The adapter's output is scaled by Alpha / Rank, so that another rank needs no other learning rate; above 0.
    /// Default 16.
    /// </summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Trained numbers of an adapter of this size.</summary>
    /// <exception cref="ArgumentException">The rank or the scale is out of its range.</exception>
    public int ParametersOf(NanoConfig config)
    {
        Validate(config);
        return new AdapterLayout(config, Rank).Parameters;
    }

    internal void Validate(NanoConfig config)
    {
        if (Rank < 1 || Rank > config.Width)
            throw new ArgumentException($"Rank must be from 1 to the model's width of {config.Width}; got {Rank}");
        if (!(Alpha > 0) || !double.IsFinite(Alpha))
            throw new ArgumentException($"Alpha must be above 0; got {Alpha}");
    }
}
