using System.Collections.Immutable;

namespace AiMe.Lab;

/// <summary>How fast a run has been of late, and what follows for the rest.</summary>
/// <param name="Experiences">Stored within the window.</param>
/// <param name="Over">From the first of them until now.</param>
/// <param name="Left">How long it still takes, from the fastest to the slowest that it has been; null where that is not known yet.</param>
public sealed record Pace(int Experiences, TimeSpan Over, (TimeSpan Least, TimeSpan Most)? Left)
{
    /// <summary>How far back one looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int Enough = 20;
    private const int Parts = 4;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    /// <summary>Experiences a second; NaN where none was stored within the window.</summary>
    public double PerSecond => Experiences == 0 ? double.NaN : Experiences / Over.TotalSeconds;

    /// <summary>The pace at a moment.</summary>
    /// <param name="stored">When experiences were stored, UTC ticks, ascending.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="left">Experiences still to be lived.</param>
    /// <remarks>
    /// A range, since rounds end with trainings and a pace is not even: the time looked back on is cut into four, and the fastest and the
    /// slowest quarter bound it, neither by more than a factor of two from the mean.
    /// </remarks>
    public static Pace Of(IEnumerable<long> stored, long now, int left)
    {
        ImmutableArray<long> within = [.. stored.Where(t => t > now - Window.Ticks && t <= now)];
        if (within.IsEmpty)
            return new Pace(0, TimeSpan.Zero, null);
        var span = Math.Max(TimeSpan.TicksPerSecond, now - within[0]);
        var over = TimeSpan.FromTicks(span);
        if (within.Length < Enough || over < LongEnough)
            return new Pace(within.Length, over, null);

        var mean = within.Length / over.TotalSeconds;
        ImmutableArray<double> parts = [.. Enumerable.Range(0, Parts).Select(i => Parts * within.Count(t => PartOf(t) == i) / over.TotalSeconds)];
        return new Pace(within.Length, over, (TimeSpan.FromSeconds(left / Math.Min(parts.Max(), mean * 2)), TimeSpan.FromSeconds(left / Math.Max(parts.Min(), mean / 2))));

        int PartOf(long t) => (int)Math.Min(Parts - 1, Parts * (t - within[0]) / span);
    }
}
