namespace AiMe.Nano;

/// <summary>How rotary frequencies are stretched for a longer context than that of the first training.</summary>
/// <param name="Factor">Low frequencies are divided by it; at least 1.</param>
public abstract record RotaryScaling(double Factor)
{
    /// <summary>The stretched frequency.</summary>
    /// <param name="frequency">Radians per token, above 0.</param>
    internal abstract double Stretch(double frequency);

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    internal virtual void Validate() => Require(Factor >= 1 && double.IsFinite(Factor), "factor must be at least 1", Factor);

    private protected static void Require(bool holds, string rule, double value)
    {
        if (!holds)
            throw new ArgumentException($"rope_scaling: {rule}; got {value}");
    }
}

/// <summary>All frequencies are divided by the factor. Source: Chen et al. (2023), Position Interpolation.</summary>
public sealed record LinearRotaryScaling(double Factor) : RotaryScaling(Factor)
{
    internal override double Stretch(double frequency) => frequency / Factor;
}

/// <summary>
/// Frequencies whose wave is longer than the old context are divided by the factor, short waves stay, and those between
/// are interpolated. Source: Grattafiori et al. (2024), The Llama 3 Herd of Models, and its reference implementation.
/// </summary>
/// <param name="LowFactor">A wave longer than OldContext / LowFactor tokens is stretched in full; above 0.</param>
/// <param name="HighFactor">A wave shorter than OldContext / HighFactor tokens stays; above LowFactor.</param>
/// <param name="OldContext">The context of the first training, in tokens; at least 1.</param>
public sealed record Llama3RotaryScaling(double Factor, double LowFactor, double HighFactor, int OldContext) : RotaryScaling(Factor)
{
    internal override double Stretch(double frequency)
    {
        var waves = OldContext * frequency / (2 * 3.141592653589793); // that fit into the old context
        if (waves < LowFactor)
            return frequency / Factor;
        if (waves > HighFactor)
            return frequency;
        var kept = (waves - LowFactor) / (HighFactor - LowFactor);
        return (1 - kept) * frequency / Factor + kept * frequency;
    }

    internal override void Validate()
    {
        base.Validate();
        Require(LowFactor > 0 && double.IsFinite(LowFactor), "low_freq_factor must be above 0", LowFactor);
        Require(HighFactor > LowFactor && double.IsFinite(HighFactor), "high_freq_factor must be above low_freq_factor", HighFactor);
        Require(OldContext >= 1, "original_max_position_embeddings must be at least 1", OldContext);
    }
}
