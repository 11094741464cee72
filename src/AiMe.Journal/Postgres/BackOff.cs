using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// The attempts of one operation to reach an unreachable server; the pauses double until the outage exceeds the
/// patience.
/// </summary>
/// <remarks>
/// The patience is measured from the beginning of the outage and not of the operation, so that all waiting operations
/// give up together.
/// </remarks>
internal sealed class BackOff(PostgresServer server, PostgresSettings settings, TimeProvider clock) : IDisposable
{
    private TimeSpan _pause = settings.FirstPause;
    private volatile bool _waits;
    private int _left;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="JournalException">The user stopped waiting (<see cref="PostgresSettings.GiveUp"/>).</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_waits)
            return await ConnectAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, settings.GiveUp);
        try
        {
            return await ConnectAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw GivenUp(e);
        }
    }

    /// <summary>Waits before the next attempt, after the connection was lost or none could be opened.</summary>
    /// <returns>False if the patience has run out or the user stopped waiting.</returns>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public async Task<bool> WaitAsync(Exception fault, CancellationToken cancellationToken)
    {
        if (_waits)
            server.Outage.FailedAgain(fault);
        else
            server.Outage.Enter(fault);
        _waits = true;
        var left = settings.Patience - server.Outage.Elapsed;
        if (left <= TimeSpan.Zero || settings.GiveUp.IsCancellationRequested)
            return false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, settings.GiveUp);
        await Task.WhenAny(Task.Delay(_pause < left ? _pause : left, clock, over.Token), server.Outage.Through);
        await over.CancelAsync(); // ends the delay
        cancellationToken.ThrowIfCancellationRequested();
        _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, settings.LongestPause.Ticks));
        return !settings.GiveUp.IsCancellationRequested;
    }

    /// <summary>The failure of an operation that stops waiting.</summary>
    public JournalException GivenUp(Exception fault) =>
        server.Outage.Elapsed is { Ticks: > 0 } waited && settings.Patience > TimeSpan.Zero
            ? PostgresFaults.GivenUp(fault, server.Place, waited, byPatience: !settings.GiveUp.IsCancellationRequested)
            : PostgresFaults.Of(fault, server.Place);

    /// <summary>Records that the operation has reached the server.</summary>
    public void Reached()
    {
        if (!_waits)
            server.Outage.Reached();
        else
            Leave(isThrough: true);
    }

    /// <summary>Records that the operation has ended, whether or not it reached the server.</summary>
    public void Dispose()
    {
        if (_waits)
            Leave(isThrough: false);
    }

    // The driver ignores cancellation while a server has accepted the connection but sends nothing.
    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var opening = server.Pool.OpenConnectionAsync(cancellationToken).AsTask();
        try
        {
            return await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = DropAsync(opening);
            throw;
        }
    }

    private static async Task DropAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await (await opening).DisposeAsync();
    }

    // Once only: cancelled work may still succeed while the operation ends.
    private void Leave(bool isThrough)
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            server.Outage.Leave(isThrough);
    }
}
