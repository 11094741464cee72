using System.Collections.Immutable;

namespace AiMe.Lab.Runs;

/// <summary>The recent speed of a run, and an estimate of the remaining time.</summary>
/// <param name="Experiences">Stored within the window.</param>
/// <param name="Over">From the first of them until now.</param>
/// <param name="Left">
/// Remaining time at the fastest and at the slowest recent speed; null if it is not known yet.
/// </param>
public sealed record Throughput(int Experiences, TimeSpan Over, (TimeSpan Least, TimeSpan Most)? Left)
{
    /// <summary>Length of the window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int Enough = 20;
    private const int Parts = 4;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    /// <summary>Experiences a second; NaN if none was stored within the window.</summary>
    public double PerSecond => Experiences == 0 ? double.NaN : Experiences / Over.TotalSeconds;

    /// <summary>The throughput at a moment.</summary>
    /// <param name="stored">
    /// When experiences were stored, UTC ticks, ascending, and whether their instance is still running.
    /// </param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="left">Remaining experiences.</param>
    /// <remarks>
    /// A range, because rounds end with trainings and the speed is uneven: the window is cut into four parts, and the
    /// fastest and the slowest part bound the estimate, the slowest at no less than a quarter of the mean. Instances
    /// that have ended are excluded, because their speed says nothing about the others.
    /// </remarks>
    public static Throughput Of(IEnumerable<(long Ticks, bool GoesOn)> stored, long now, int left)
    {
        ImmutableArray<(long Ticks, bool GoesOn)> within = [.. stored.Where(s => s.Ticks > now - Window.Ticks && s.Ticks <= now)];
        if (within.IsEmpty)
            return new Throughput(0, TimeSpan.Zero, null);
        var (from, span) = (within[0].Ticks, Math.Max(TimeSpan.TicksPerSecond, now - within[0].Ticks));
        var over = TimeSpan.FromTicks(span);
        var going = new int[Parts];
        foreach (var (ticks, _) in within.Where(s => s.GoesOn))
            going[(int)Math.Min(Parts - 1, Parts * (ticks - from) / span)]++;
        var all = going.Sum();
        if (left > 0 && (all < Enough || over < LongEnough))
            return new Throughput(within.Length, over, null);

        var (fastest, slowest) = (going.Max() * (double)Parts, Math.Max(going.Min() * Parts, all / 4.0));
        return new Throughput(
            within.Length,
            over,
            left == 0 ? (TimeSpan.Zero, TimeSpan.Zero) : (over * (left / fastest), over * (left / slowest))
        );
    }
}
