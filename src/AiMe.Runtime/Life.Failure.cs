using AiMe.Journal;
using AiMe.Kernel;

namespace AiMe.Runtime;

// How a life fails and comes back: after a pause, read anew from the journal; or it is parked; or the host ends with it.
internal sealed partial class Life
{
    /// <summary>A bug or a lost store. The instance restarts after a pause, is parked after too many, or the whole host ends.</summary>
    public void Fail(Exception failure)
    {
        int attempt;
        lock (_lock)
        {
            _open = false; // first of all: a cell that is still open would take the same command again at once
            if (_gone)
                return;
            if (IsSupervisor || HostFailure.EndsTheHost(failure) || Host.IsStopping)
                attempt = int.MinValue;
            else if (_restarting)
                return;
            else
                attempt = failure is CorruptJournalException ? int.MaxValue : ++_failures; // what is written will not read better a second time
            _restarting = true;
            _incarnation++;
        }

        if (attempt == int.MinValue)
            End(failure);
        else
            _ = attempt > Host.Options.Restarts ? ParkAsync(failure) : RestartAsync(failure, attempt);
    }

    // First every cell comes to rest, and only when all are read back does the new clock take the place of the old one: heads are never half read.
    private async Task RecoverAsync()
    {
        foreach (var cell in _cells)
            await cell.RestAsync();
        var clock = new LifeClock(Faculties);
        foreach (var cell in _cells)
            await cell.RecoverAsync(clock, Host.Lost);
        Clock = clock;
    }

    private async Task ResumeAsync()
    {
        try
        {
            lock (_lock)
            {
                if (_gone || Host.Cancelled.IsCancellationRequested)
                    return;
                (_open, _restarting) = (true, false);
            }

            foreach (var cell in _cells)
                await cell.ResumeAsync();
            foreach (var cell in _cells)
                cell.Schedule();
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private async Task RestartAsync(Exception failure, int attempt)
    {
        var pause = Host.Options.PauseBefore(attempt);
        Host.Observer.Restarting(Name, failure, attempt, pause);
        try
        {
            await Task.Delay(pause, Host.Time, Host.Stopping);
            await RecoverAsync();
            await ResumeAsync();
        }
        catch (OperationCanceledException) when (Host.IsStopping)
        {
            End(failure);
        }
        catch (Exception again)
        {
            lock (_lock)
                _restarting = false;
            Fail(again);
        }
    }

    private async Task ParkAsync(Exception failure)
    {
        try
        {
            foreach (var cell in _cells)
                await cell.RestAsync();
            // The supervisor has the message before this instance counts as calm, so that a host that ends does not lose it.
            await Host.PostAsync(Address.Supervisor, Host.Options.Park(Name, $"{failure.GetType().Name}: {failure.Message}"));
            lock (_lock)
                (_gone, _parked, _busy) = (true, true, 0);
            Host.Calmed();
        }
        catch (Exception lost) // the supervisor cannot be reached
        {
            Host.Fail(lost);
        }
    }

    // While the host ends gently a failing instance is left as its journal has it; only what concerns all ends the host.
    private void End(Exception failure)
    {
        lock (_lock)
            (_gone, _busy) = (true, 0);
        if (HostFailure.EndsTheHost(failure) || IsSupervisor && failure is not OperationCanceledException) // a wait that ended with the host is no failure
            Host.Fail(failure);
        Host.Calmed();
    }
}
