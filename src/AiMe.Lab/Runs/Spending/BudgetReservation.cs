using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.Spending;

/// <summary>What a session may spend: what the run's supervisor has reserved for it, asked for in batches as calls need it.</summary>
/// <param name="holder">The session's writer id.</param>
/// <param name="budget">What the run is to have from now on; null to leave it as it is.</param>
/// <param name="tell">A message to the supervisor.</param>
/// <param name="watch">Where the supervisor's state is seen: what it decides is known by its events alone.</param>
internal sealed class BudgetReservation(
    string holder,
    Budget? budget,
    Func<SupervisorCommand, ValueTask> tell,
    SessionWatch watch,
    TimeProvider time
)
{
    // On its way to another process a message may be lost.
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    // Who was killed never closes its account.
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

    /// <summary>Faults with a <see cref="BudgetReachedException"/> when somebody who carries the run needs more than there is.</summary>
    public Task UsedUp => _usedUp.Task;

    /// <summary>All that the session has spent.</summary>
    public Cost Spent
    {
        get
        {
            lock (_lock)
                return _spent;
        }
    }

    private SpendingLedger Ledger => watch.State.Ledger;

    // Since this session began: what was refused before may be held by now.
    private bool IsUsedUp => Ledger.Refusals > _before;

    private Account Account => Ledger.Of(holder);

    /// <summary>
    /// Sets the budget, opens an account where others carry the run too, and looks out for the budget's end. The run has
    /// been started.
    /// </summary>
    public void Begin() => _ = LookOutAsync(_shut.Token);

    /// <summary>
    /// Sets aside what a call may cost at most; waits for the supervisor where it is more than is left of what it reserved.
    /// </summary>
    /// <exception cref="StaysOwedException">It is not within the budget, or the session is closed.</exception>
    public Task SetAsideAsync(Cost most, CancellationToken cancellationToken) =>
        WhileOpenAsync(open => _turns.InTurnAsync(() => FindAsync(most, open), open), cancellationToken);

    /// <summary>A call has ended.</summary>
    /// <param name="most">What was set aside for it.</param>
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
    /// Tells the supervisor all that was spent, so that the rest is free for others. Nothing is set aside after this; what
    /// calls in flight may cost at most counts as spent.
    /// </summary>
    /// <returns>Whether the supervisor was heard; else all that was reserved counts as spent.</returns>
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
            // Nobody waits any longer.
        }

        return Account.IsClosed;
    }

    /// <summary>
    /// Where the run has paused or ended, all that carry it go: waits until they have told what they spent, and not for
    /// long. The supervisor that is to hear it may live here.
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
            // Nobody waits any longer.
        }
    }

    /// <summary>Nothing is set aside after this: what still measures beside a run that has ended is turned away.</summary>
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
            _set.TrySetResult(); // once: another process may set another later
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
                await ended.WaitAsync(cancellationToken); // a call in flight has more set aside than it will cost
                continue;
            }

            var ordinal = Math.Max(Account.Reservations, Account.Refusals) + 1;
            await ReserveAsync(ordinal, lack, () => Account.Reservations >= ordinal || IsUsedUp, cancellationToken);
        }

        return true;
    }

    // How much more must be reserved; null where what is left is enough, or nothing is bounded: then it is set aside.
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
        _hasAsked = true; // heard or not: the account is to be closed
        return AskAsync(new ReserveSpending(holder, ordinal, need, Spent), isHeard, cancellationToken);
    }

    private async Task AskAsync(SupervisorCommand command, Func<bool> isHeard, CancellationToken cancellationToken)
    {
        await tell(command);
        await UntilAsync(isHeard, AgainAfter, cancellationToken); // whoever asked looks anew, and asks again
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
            // It has been waited for long enough.
        }
    }
}

/// <summary>The run may not spend what its next call may cost. Nothing is lost: what it owes stays owed.</summary>
public sealed class BudgetReachedException(SpendingLedger ledger)
    : Exception(
        $"The budget is used up: {SpendingWords.Of(ledger)}, and the next call may take "
            + $"{SpendingWords.Of(ledger.Refused?.Need ?? default)} more."
    )
{
    /// <summary>The run's ledger, as it was then.</summary>
    public SpendingLedger Ledger => ledger;
}
