namespace AiMe.Lab.History.Replay;

/// <summary>How fast a recorded life is played: at a multiple of the pace at which its events were written.</summary>
/// <param name="Speed">More than 0; 10 is ten times as fast as it was.</param>
public sealed record ReplayPace(double Speed)
{
    /// <summary>No pause is longer: a night between two events is not waited for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>The pause before an event.</summary>
    /// <param name="before">UTC ticks at which the one shown before it was written.</param>
    /// <param name="now">UTC ticks at which it was written.</param>
    /// <returns>0 to <see cref="Longest"/>; 0 where the clock had jumped back.</returns>
    public TimeSpan PauseBetween(long before, long now) =>
        now <= before ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min((now - before) / Speed, Longest.Ticks));
}
