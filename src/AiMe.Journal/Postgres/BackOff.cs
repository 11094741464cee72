using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// The attempts of one operation to reach a server that is away: pauses double until the patience with the outage has
/// run out.
/// </summary>
/// <remarks>The patience is the outage's and not the operation's, so all that wait give up together.</remarks>
internal sealed class BackOff(PostgresServer server, PostgresSettings settings, TimeProvider clock) : IDisposable
{
    private TimeSpan _pause = settings.FirstPause;
    private volatile bool _waits;
    private int _left;

    /// <summary>Another connection.</summary>
    /// <exception cref="JournalException">
    /// The person gave up waiting (<see cref="PostgresSettings.GiveUp"/>).
    /// </exception>
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

    /// <summary>The connection was lost, or none could be made: waits before the next attempt.</summary>
    /// <returns>False when the patience has run out, or the person gave up; then it has not waited.</returns>
    /// <exception cref="OperationCanceledException">At once when it is cancelled.</exception>
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

    /// <summary>The failure of an operation that waits no longer.</summary>
    public JournalException GivenUp(Exception fault) =>
        server.Outage.Elapsed is { Ticks: > 0 } waited && settings.Patience > TimeSpan.Zero
            ? PostgresFaults.GivenUp(fault, server.Place, waited, byPatience: !settings.GiveUp.IsCancellationRequested)
            : PostgresFaults.Of(fault, server.Place);

    /// <summary>The operation has reached the server.</summary>
    public void Reached()
    {
        if (!_waits)
            server.Outage.Reached();
        else
            Leave(isThrough: true);
    }

    /// <summary>The operation is over, whether or not it reached the server.</summary>
    public void Dispose()
    {
        if (_waits)
            Leave(isThrough: false);
    }

    // The driver heeds no cancellation while a server that took the call says nothing.
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

    // Once: work that was cancelled may get through while the operation ends.
    private void Leave(bool isThrough)
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            server.Outage.Leave(isThrough);
    }
}
