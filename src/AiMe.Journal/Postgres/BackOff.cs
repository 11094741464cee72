namespace AiMe.Journal.Postgres;

/// <summary>The pauses between attempts to reach a server that is away: each twice the one before, for a bounded time in all.</summary>
internal sealed class BackOff(PostgresSettings settings, TimeProvider clock)
{
    private TimeSpan _pause = settings.FirstPause;
    private long? _since;

    /// <summary>Waits before the next attempt.</summary>
    /// <returns>False where patience has run out; then it has not waited.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        _since ??= clock.GetTimestamp();
        if (clock.GetElapsedTime(_since.Value) >= settings.Patience)
            return false;
        await Task.Delay(_pause, clock, cancellationToken);
        _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, settings.LongestPause.Ticks));
        return true;
    }
}
