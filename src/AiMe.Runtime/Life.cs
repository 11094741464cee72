using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>The cells of one instance (or the supervisor's one cell), restarted together and parked together.</summary>
internal sealed class Life
{
    private readonly ImmutableArray<Cell> _cells;
    private readonly Lock _lock = new();
    private int _incarnation;
    private int _busy;
    private int _failures;
    private bool _restarting;
    private bool _gone;
    private volatile bool _open;
    private volatile bool _parked;
    private long _idleSince;

    public Life(LocalRuntime host, string name, ImmutableArray<Faculty> faculties)
    {
        (Host, Name, Faculties) = (host, name, faculties);
        Clock = new LifeClock(faculties);
        Tags = name == Address.Run ? [host.Options.Run] : [host.Options.Run, $"{host.Options.Run}/{name}"];
        _cells = [.. Enumerable.Range(0, faculties.Length).Select(i => new Cell(this, i))];
        _idleSince = host.Time.GetTimestamp();
    }

    public LocalRuntime Host { get; }

    public string Name { get; }

    public ImmutableArray<Faculty> Faculties { get; }

    public LifeClock Clock { get; private set; }

    public ImmutableArray<string> Tags { get; }

    /// <summary>Whether the cells may take commands: read back, not failing, not parked.</summary>
    public bool IsOpen => _open;

    /// <summary>Whether it kept failing and is left alone.</summary>
    public bool IsParked => _parked;

    /// <summary>Messages and effects in hand.</summary>
    public int Busy => Volatile.Read(ref _busy);

    private bool IsSupervisor => Name == Address.Run;

    /// <summary>Reads all streams back for the first time. What is owed runs once this life can be found by its name.</summary>
    public async Task BeginAsync()
    {
        try
        {
            await RecoverAsync();
            _ = Task.Run(ResumeAsync);
        }
        catch (Exception failure) when (!IsSupervisor && !LocalRuntime.IsFatal(failure))
        {
            Fail(failure);
        }
    }

    /// <summary>Hands a command to a faculty. False where this life has left memory or is parked for good.</summary>
    public async ValueTask<bool> PostAsync(string faculty, Command command)
    {
        if (!Enter())
            return false;
        await CellOf(faculty).PostAsync(new Delivery(command, null), Host.Lost);
        return true;
    }

    /// <summary>Sends a faculty's message; the instance's heads are filled in where the command carries them.</summary>
    public ValueTask TellAsync(Tell tell)
    {
        var to = tell.To.Instance == Address.Here ? tell.To with { Instance = Name } : tell.To;
        return Host.PostAsync(to, Anchored(tell.Command));
    }

    /// <summary>Starts an effect on the pool; its result comes back to the cell as a command.</summary>
    public void Start(Effect effect, Cell cell)
    {
        if (!Enter())
            return;
        _ = RunAsync(effect, cell, Volatile.Read(ref _incarnation));
    }

    /// <summary>One message or effect less in hand.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_busy == 0)
                _idleSince = Host.Time.GetTimestamp();
        }

        Host.Calmed();
    }

    /// <summary>An event is durable: failures are counted anew.</summary>
    public void Progressed() => Volatile.Write(ref _failures, 0);

    /// <summary>A bug or a lost store. The instance restarts after a pause, is parked after too many, or the whole host ends.</summary>
    public void Fail(Exception failure)
    {
        if (IsSupervisor || LocalRuntime.IsFatal(failure) || Host.IsStopping)
        {
            Host.Fail(failure);
            return;
        }

        int attempt;
        lock (_lock)
        {
            _open = false;
            if (_restarting || _gone)
                return;
            _restarting = true;
            attempt = ++_failures;
            _incarnation++;
        }

        _ = attempt > Host.Options.Restarts ? ParkAsync(failure) : RestartAsync(failure, attempt);
    }

    /// <summary>Leaves memory if it has been idle for long enough.</summary>
    public bool TryPassivate(TimeSpan idle)
    {
        lock (_lock)
        {
            if (IsSupervisor || _busy > 0 || _restarting || _gone || Host.Time.GetElapsedTime(_idleSince) < idle)
                return false;
            (_gone, _open) = (true, false);
            return true;
        }
    }

    private async Task RecoverAsync()
    {
        Clock = new LifeClock(Faculties);
        foreach (var cell in _cells)
            await cell.RecoverAsync(Host.Lost);
    }

    private async Task ResumeAsync()
    {
        try
        {
            lock (_lock)
                (_open, _restarting) = (true, false);
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

    private bool Enter()
    {
        lock (_lock)
        {
            if (_gone)
                return false;
            _busy++;
            return true;
        }
    }

    private Cell CellOf(string faculty)
    {
        for (var i = 0; i < Faculties.Length; i++)
        {
            if (Faculties[i].Name == faculty)
                return _cells[i];
        }

        throw new InvalidOperationException($"'{Name}' has no faculty '{faculty}'.");
    }

    private Command Anchored(Command command) => command is IAnchored anchored ? anchored.At(Clock.Heads) : command;

    private async Task RunAsync(Effect effect, Cell cell, int incarnation)
    {
        try
        {
            var command = await Host.Pool.RunAsync(() => Host.Effects.RunAsync(Name, effect, Host.Cancelled), Host.Cancelled);
            if (incarnation == Volatile.Read(ref _incarnation))
            {
                lock (_lock)
                    _busy++; // the result is in hand until it is taken
                await cell.PostAsync(new Delivery(Anchored(command), effect.Key), Host.Lost);
            }
        }
        catch (OperationCanceledException) when (Host.Cancelled.IsCancellationRequested)
        {
            // The host is ending at once: the effect is still owed and is found again by Pending.
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
        finally
        {
            Leave();
        }
    }

    private async Task RestartAsync(Exception failure, int attempt)
    {
        var pause = TimeSpan.FromTicks(Math.Min(Host.Options.BackOffAtMost.Ticks, Host.Options.BackOff.Ticks << Math.Min(attempt - 1, 20)));
        Host.Observer.Restarting(Name, failure, attempt, pause);
        try
        {
            await Task.Delay(pause, Host.Time, Host.Cancelled);
            await RecoverAsync();
            await ResumeAsync();
        }
        catch (OperationCanceledException) when (Host.Cancelled.IsCancellationRequested)
        {
            // The host is ending.
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
        lock (_lock)
            (_gone, _parked, _busy) = (true, true, 0);
        await Host.PostAsync(Address.Supervisor, Host.Options.Park(Name, $"{failure.GetType().Name}: {failure.Message}"));
        Host.Calmed();
    }
}
