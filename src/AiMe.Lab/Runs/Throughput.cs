using System.Collections.Immutable;

namespace AiMe.Lab.Runs;

/// <summary>How fast a run has been of late, and what follows for the rest.</summary>
/// <param name="Experiences">Stored within the window.</param>
/// <param name="Over">From the first of them until now.</param>
/// <param name="Left">How long it still takes, from the fastest to the slowest that it has been; null where that is not known yet.</param>
public sealed record Throughput(int Experiences, TimeSpan Over, (TimeSpan Least, TimeSpan Most)? Left)
{
    /// <summary>How far back one looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int Enough = 20;
    private const int Parts = 4;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    /// <summary>Experiences a second; NaN where none was stored within the window.</summary>
    public double PerSecond => Experiences == 0 ? double.NaN : Experiences / Over.TotalSeconds;

    /// <summary>The pace at a moment.</summary>
    /// <param name="stored">When experiences were stored, UTC ticks, ascending, and whether of a life that still goes on.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="left">Experiences still to be lived.</param>
    /// <remarks>
    /// A range, since rounds end with trainings and a pace is not even: the time looked back on is cut into four, and the fastest and the
    /// slowest quarter bound it, the slowest by no more than a factor of four from the mean. Lives that have ended do not count for it:
    /// what they did quickly tells nothing of the others.
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
