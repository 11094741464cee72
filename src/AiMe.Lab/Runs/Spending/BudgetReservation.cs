using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.Spending;

/// <summary>
/// The part of the budget that the run's supervisor has reserved for a session, requested in batches as calls need it.
/// </summary>
/// <param name="holder">The session's writer id.</param>
/// <param name="budget">The run's new budget; null to leave it unchanged.</param>
/// <param name="tell">Sends a message to the supervisor.</param>
/// <param name="watch">Shows the supervisor's state: its decisions are visible only in its events.</param>
internal sealed class BudgetReservation(
    string holder,
    Budget? budget,
    Func<SupervisorCommand, ValueTask> tell,
    SessionWatch watch,
    TimeProvider time
)
{
    // A message to another process may be lost.
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    // A killed process never closes its account.
    private static readonly TimeSpan OthersAtMost = TimeSpan.FromSeconds(10);

    private const int SettlesAtMost = 3;

    private readonly Turns _turns = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _usedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _shut = new();
    private readonly TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _before;
    private volatile bool _hasAsked;
    private Cost _setAside;
    private Cost _spent;
    private int _inFlight;
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Faults with a <see cref="BudgetReachedException"/> when a process that hosts the run needs more than is left.
    /// </summary>
    public Task UsedUp => _usedUp.Task;

    /// <summary>Total cost of the session.</summary>
    public Cost Spent
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    private SpendingLedger Ledger => watch.State.Ledger;

    // Since this session began: what was refused earlier may be covered by now.
    private bool IsUsedUp => Ledger.Refusals > _before;

    private Account Account => Ledger.Of(holder);

    /// <summary>
    /// Sets the budget, opens an account if other processes host the run too, and watches for the budget's end. The run
    /// has been started.
    /// </summary>
    public void Begin() => _ = LookOutAsync(_shut.Token);

    /// <summary>
    /// Sets aside the greatest cost of a call; waits for the supervisor if that exceeds the rest of the reservation.
    /// </summary>
    /// <exception cref="StaysOwedException">The budget does not cover it, or the session is closed.</exception>
    public Task SetAsideAsync(Cost most, CancellationToken cancellationToken) =>
        WhileOpenAsync(open => _turns.InTurnAsync(() => FindAsync(most, open), open), cancellationToken);

    /// <summary>Records that a call has ended.</summary>
    /// <param name="most">The cost that was set aside for it.</param>
    public void Settle(Cost most, Cost used)
    {
        lock (_lock)
        {
            (_setAside, _spent, _inFlight) = (_setAside - most, _spent + used, _inFlight - 1);
            _ended.SetResult();
            _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>
    /// Reports the total cost to the supervisor, so that the rest of the reservation is free. Nothing is set aside
    /// after this; calls in flight count with their greatest cost.
    /// </summary>
    /// <returns>Whether the supervisor responded; else the whole reservation counts as spent.</returns>
    public async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        await _shut.CancelAsync();
        Cost all;
        lock (_lock)
            all = _spent + _setAside;
        if (all == default && !_hasAsked)
            return true;
        try
        {
            for (var i = 0; i < SettlesAtMost && !Account.IsClosed; i++)
                await AskAsync(new SettleSpending(holder, all), () => Account.IsClosed, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Cancelled.
        }

        return Account.IsClosed;
    }

    /// <summary>
    /// Waits for a limited time, when the run has paused or ended, until all processes that host it have reported their
    /// costs. The supervisor that records them may run here.
    /// </summary>
    public async Task OthersAsync(CancellationToken cancellationToken)
    {
        if (!watch.IsElsewhere || !IsUsedUp && watch.State.Digest is null)
            return;
        try
        {
            await UntilAsync(() => Ledger.Accounts.Values.All(a => a.IsClosed), OthersAtMost, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Cancelled.
        }
    }

    /// <summary>Stops setting aside: work that continues after the run's end is refused.</summary>
    public void Shut() => _shut.Cancel();

    /// <summary>Waits as long as the session is open.</summary>
    /// <exception cref="StaysOwedException">It is closed.</exception>
    public async Task WhileOpenAsync(Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _shut.Token);
        try
        {
            over.Token.ThrowIfCancellationRequested();
            await wait(over.Token);
        }
        catch (OperationCanceledException) when (_shut.IsCancellationRequested)
        {
            throw new StaysOwedException("The session is closed.");
        }
    }

    private async Task LookOutAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (budget is not null && Ledger.Budget != budget)
                await AskAsync(new SetBudget(budget), () => Ledger.Budget == budget, cancellationToken);
            _before = Ledger.Refusals;
            _set.TrySetResult(); // once: another process may change it later
            while (watch.IsElsewhere && Account == Account.Empty)
                await ReserveAsync(1, default, () => Account != Account.Empty, cancellationToken);
            await watch.UntilAsync(_ => IsUsedUp, cancellationToken);
            _usedUp.TrySetException(new BudgetReachedException(Ledger));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session is closed.
        }
        catch (Exception failure)
        {
            _set.TrySetException(failure);
            _usedUp.TrySetException(failure);
        }
    }

    private async Task<bool> FindAsync(Cost most, CancellationToken cancellationToken)
    {
        await _set.Task.WaitAsync(cancellationToken);
        while (Lack(most, out var ended) is { } lack)
        {
            if (IsUsedUp)
                throw new StaysOwedException("The budget is used up.");
            if (ended is not null && !Ledger.Holds(lack))
            {
                await ended.WaitAsync(cancellationToken); // a call in flight may return part of what it set aside
                continue;
            }

            var ordinal = Math.Max(Account.Reservations, Account.Refusals) + 1;
            await ReserveAsync(ordinal, lack, () => Account.Reservations >= ordinal || IsUsedUp, cancellationToken);
        }

        return true;
    }

    // The amount that must be reserved in addition; null if the rest is enough or the budget has no limit: then it is
    // set aside.
    private Cost? Lack(Cost most, out Task? ended)
    {
        var (bound, reserved) = (Ledger.Budget, Account.Reserved);
        lock (_lock)
        {
            ended = _inFlight > 0 ? _ended.Task : null;
            var left = reserved - _spent - _setAside;
            if (bound.Tokens is not null && most.Tokens > left.Tokens || bound.Usd is not null && most.Usd > left.Usd)
                return Cost.Max(most - left, default);
            (_setAside, _inFlight) = (_setAside + most, _inFlight + 1);
            return null;
        }
    }

    private Task ReserveAsync(int ordinal, Cost need, Func<bool> isHeard, CancellationToken cancellationToken)
    {
        _hasAsked = true; // even without a response, the account must be closed
        return AskAsync(new ReserveSpending(holder, ordinal, need, Spent), isHeard, cancellationToken);
    }

    private async Task AskAsync(SupervisorCommand command, Func<bool> isHeard, CancellationToken cancellationToken)
    {
        await tell(command);
        await UntilAsync(isHeard, AgainAfter, cancellationToken); // the caller checks again, and repeats the request
    }

    private async Task UntilAsync(Func<bool> isSo, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await watch.UntilAsync(_ => isSo(), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time limit is reached.
        }
    }
}

/// <summary>The budget does not cover the run's next call. Nothing is lost: pending work stays pending.</summary>
public sealed class BudgetReachedException(SpendingLedger ledger)
    : Exception(
        $"The budget is used up: {SpendingWords.Of(ledger)}, and the next call may take "
            + $"{SpendingWords.Of(ledger.Refused?.Need ?? default)} more."
    )
{
    /// <summary>The run's ledger at that moment.</summary>
    public SpendingLedger Ledger => ledger;
}
