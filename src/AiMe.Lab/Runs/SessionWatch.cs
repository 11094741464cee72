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

    /// <summary>
    /// Is told of each instance that has finished, is parked or waits for people, once its events are durable; must be quick.
    /// </summary>
    public Action<string>? Rested { get; set; }

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
        if (elsewhere || happened is not SupervisorEvent supervised)
            return;
        Moved(SupervisorDecider.Evolve(State, supervised));
        if (InstanceOf(supervised) is { } moved && IsResting(State.Instances[moved]))
            Rested?.Invoke(moved);
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
        SupervisorState last;
        lock (_lock)
        {
            (last, _state) = (_state, now);
            foreach (var item in _waiting.Where(w => w.Wanted(_state)))
                item.Reached.TrySetResult();
        }

        if (!elsewhere || Rested is not { } rested)
            return;
        foreach (var (instance, progress) in now.Instances)
        {
            if (IsResting(progress) && !ReferenceEquals(last.Instances.GetValueOrDefault(instance), progress))
                rested(instance);
        }
    }

    private static bool IsResting(InstanceProgress progress) =>
        progress is { IsAtRest: true } or { Status: InstanceState.Parked } or { AwaitsReviews: true };

    // Of those events after which an instance may rest.
    private static string? InstanceOf(SupervisorEvent happened) =>
        happened switch
        {
            InstanceFinished f => f.Instance,
            InstanceParked p => p.Instance,
            InputAnswered a => a.Instance,
            InputWithdrawn w => w.Instance,
            ReviewsAwaited r => r.Instance,
            _ => null,
        };
}
