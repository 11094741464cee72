namespace AiMe.Lab.History.Replay;

/// <summary>The speed of a replay: a multiple of the speed at which the events were written.</summary>
/// <param name="Speed">More than 0; 10 is ten times the original speed.</param>
public sealed record ReplayPace(double Speed)
{
    /// <summary>The longest pause, so that a long gap between two events is shortened.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>The pause before an event.</summary>
    /// <param name="before">UTC ticks at which the previously shown event was written.</param>
    /// <param name="now">UTC ticks at which it was written.</param>
    /// <returns>0 to <see cref="Longest"/>; 0 if the clock had jumped back.</returns>
    public TimeSpan PauseBetween(long before, long now) =>
        now <= before ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min((now - before) / Speed, Longest.Ticks));
}
