using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs;

/// <summary>Forwards every notification, and keeps the supervisor's state as its events become durable.</summary>
/// <param name="elsewhere">
/// Whether the supervisor may run in another process; its events are then read from the journal, and the reader calls
/// <see cref="Moved"/>.
/// </param>
internal sealed class SessionWatch(SupervisorState before, IRuntimeObserver next, bool elsewhere) : IRuntimeObserver
{
    private readonly Lock _lock = new();
    private ImmutableArray<(Func<SupervisorState, bool> Wanted, TaskCompletionSource Reached)> _waiting = [];
    private SupervisorState _state = before;
    private int _lived;

    public SupervisorState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>Whether the supervisor may run in another process.</summary>
    public bool IsElsewhere => elsewhere;

    public int Experiences => Volatile.Read(ref _lived);

    public async Task UntilAsync(Func<SupervisorState, bool> wanted, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (wanted(_state))
                return;
            _waiting = _waiting.Add((wanted, reached));
        }

        try
        {
            await reached.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
                _waiting = _waiting.RemoveAll(w => w.Reached == reached);
        }
    }

    public void Happened(string instance, string faculty, Event happened)
    {
        if (happened is Stored)
            Interlocked.Increment(ref _lived);
        next.Happened(instance, faculty, happened);
        if (!elsewhere && happened is SupervisorEvent supervised)
            Moved(SupervisorDecider.Evolve(State, supervised));
    }

    public void Refused(string instance, string faculty, Command command, string why) => next.Refused(instance, faculty, command, why);

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
        next.Restarting(instance, failure, attempt, pause);

    /// <summary>
    /// Sets the supervisor's new state. There is one caller at a time: the supervisor's turns are sequential, and so is
    /// the reader of its stream.
    /// </summary>
    public void Moved(SupervisorState now)
    {
        lock (_lock)
        {
            _state = now;
            foreach (var item in _waiting.Where(w => w.Wanted(_state)))
                item.Reached.TrySetResult();
        }
    }
}
