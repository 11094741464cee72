using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>The attempts of one operation to reach a server that is away: pauses that double, until the patience with the outage has run out.</summary>
/// <remarks>The patience is the outage's and not the operation's, so all that wait give up together.</remarks>
internal sealed class BackOff(Server server, PostgresSettings settings, TimeProvider clock) : IDisposable
{
    private TimeSpan _pause = settings.FirstPause;
    private bool _waits;

    /// <summary>Another connection.</summary>
    /// <exception cref="JournalException">The caller of the whole command gave up waiting (<see cref="PostgresSettings.GiveUp"/>).</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!_waits)
            return await server.Pool.OpenConnectionAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, settings.GiveUp);
        try
        {
            return await server.Pool.OpenConnectionAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw GivenUp(e);
        }
    }

    /// <summary>The connection was lost, or none could be made: waits before the next attempt.</summary>
    /// <returns>False when the patience has run out, or the caller gave up; then it has not waited.</returns>
    /// <exception cref="OperationCanceledException">At once when it is cancelled.</exception>
    public async Task<bool> WaitAsync(Exception fault, CancellationToken cancellationToken)
    {
        if (_waits)
            server.Outage.FailedAgain(fault);
        else
            server.Outage.Enter();
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
    public JournalException GivenUp(Exception fault) => server.Outage.Elapsed is { Ticks: > 0 } waited && settings.Patience > TimeSpan.Zero
        ? Faults.GivenUp(fault, server.Place, waited, byPatience: !settings.GiveUp.IsCancellationRequested)
        : Faults.Of(fault, server.Place);

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

    private void Leave(bool isThrough)
    {
        _waits = false;
        server.Outage.Leave(isThrough);
    }
}
