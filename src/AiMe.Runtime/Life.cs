using System.Collections.Immutable;
using AiMe.Journal;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>The cells of one instance (or the supervisor's one cell), restarted together and parked together.</summary>
internal sealed partial class Life
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
        _cells = [.. Enumerable.Range(0, faculties.Length).Select(i => new Cell(this, i))];
        _idleSince = host.Time.GetTimestamp();
    }

    public LocalRuntime Host { get; }

    public string Name { get; }

    public ImmutableArray<Faculty> Faculties { get; }

    public LifeClock Clock { get; private set; }

    /// <summary>Whether the cells may take commands: read back, not failing, not parked.</summary>
    public bool IsOpen => _open;

    /// <summary>Whether it kept failing and is left alone.</summary>
    public bool IsParked => _parked;

    /// <summary>Whether nothing is in hand and no restart is under way.</summary>
    public bool IsAtRest
    {
        get
        {
            lock (_lock)
                return _busy <= 0 && (_gone || !_restarting);
        }
    }

    /// <summary>Messages and effects in hand.</summary>
    public int Busy => Volatile.Read(ref _busy);

    private bool IsSupervisor => Name == Address.Run;

    /// <summary>Reads all streams back for the first time. What is owed runs once this life can be found by its name.</summary>
    public async Task BeginAsync()
    {
        try
        {
            await RecoverAsync();
            Enter();
            _ = Host.Start(ResumeAndLeaveAsync);
        }
        catch (Exception failure) when (!IsSupervisor && !HostFailure.EndsTheHost(failure))
        {
            Fail(failure);
        }

        async Task ResumeAndLeaveAsync()
        {
            await ResumeAsync();
            Leave(); // till then it is not idle
        }
    }

    /// <summary>Hands a command to a faculty. False where this life has left memory or is parked for good.</summary>
    public async ValueTask<bool> PostAsync(string faculty, Command command)
    {
        var cell = CellOf(faculty);
        if (!Enter())
            return false;
        await cell.PostAsync(new Delivery(command, null), Host.Cancelled);
        return true;
    }

    /// <summary>A faculty's state as it is now.</summary>
    public StreamState Look(string faculty) => CellOf(faculty).Current;

    /// <summary>Sends a faculty's message. To the supervisor it carries the name and the heads of this instance; a faculty's own are filled in when it takes the command.</summary>
    public ValueTask TellAsync(Tell tell)
    {
        var (to, command) = tell.To.Instance == Address.Here ? (tell.To with { Instance = Name }, tell.Command) : (tell.To, Anchored(tell.Command));
        return Host.Running.Post is { } post ? post(Name, to, command, () => Host.PostAsync(to, command)) : Host.PostAsync(to, command);
    }

    /// <summary>The command with this instance's name and its heads as they are now, where it carries them.</summary>
    public Command Anchored(Command command) => command is IAnchored anchored && !IsSupervisor ? anchored.At(Name, Clock.Heads) : command;

    /// <summary>Commands that a cell takes in one turn at most. An instance's faculty takes one: what it hands on carries the heads as they are after its own events.</summary>
    public int Together => IsSupervisor ? 512 : 1;

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
            if (_gone)
                return; // left alone: nobody counts any more
            if (--_busy == 0)
                _idleSince = Host.Time.GetTimestamp();
        }

        Host.Calmed();
    }

    /// <summary>An event is durable: failures are counted anew.</summary>
    public void Progressed() => Volatile.Write(ref _failures, 0);

    /// <summary>Takes nothing more, and completes when every cell is at rest: no append is in hand.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
            (_gone, _open) = (true, false);
        foreach (var cell in _cells)
            await cell.RestAsync();
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

    private async Task RunAsync(Effect effect, Cell cell, int incarnation)
    {
        try
        {
            var command = await Host.RunOnModelsAsync(() => Host.Effects.RunAsync(Name, effect, Host.Cancelled));
            if (incarnation == Volatile.Read(ref _incarnation) && Enter()) // the result is in hand until it is taken
            {
                await cell.PostAsync(new Delivery(command, effect.Key), Host.Cancelled);
            }
        }
        catch (OperationCanceledException) when (Host.Cancelled.IsCancellationRequested)
        {
            // The host is ending at once: the effect is still owed and is found again by Pending.
        }
        catch (StaysOwedException)
        {
            // Left as under way: it is found again by Pending when the instance is next read back.
        }
        catch (Exception) when (incarnation != Volatile.Read(ref _incarnation))
        {
            // Of a life that has been restarted since: the effect is owed anew, and fails anew if it must.
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
}
