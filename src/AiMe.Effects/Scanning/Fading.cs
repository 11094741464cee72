namespace AiMe.Effects.Scanning;

/// <summary>
/// Approximate recency without a power for each memory: decay^(at - used) = decay^(reference - used) x decay^(at - reference), of which the
/// first factor is computed once for each use and the second once for each recall.
/// </summary>
/// <param name="Decay">Decay for each hour of logical time, in (0, 1].</param>
/// <param name="Reference">Ticks of logical time.</param>
/// <remarks>Relative error below 1e-12 where the recency is above 1e-100.</remarks>
internal readonly record struct Fading(double Decay, long Reference)
{
    private const double Reach = 300; // the second factor is within e^-300 and e^300, so that neither leaves the normal numbers

    private double Rate { get; } = StrictMath.Log(Decay) / TimeSpan.TicksPerHour;

    /// <summary>Whether it serves a recall at a time, in ticks.</summary>
    public bool Serves(double decay, long at) => Decay == decay && Math.Abs((at - Reference) * Rate) <= Reach;

    /// <summary>The first factor, of a last use in ticks.</summary>
    public double Of(long used) => StrictMath.Exp(Math.Clamp((Reference - used) * Rate, -700, 600));

    /// <summary>The second factor, of the time of a recall in ticks.</summary>
    public double Until(long at) => StrictMath.Exp((at - Reference) * Rate);
}
