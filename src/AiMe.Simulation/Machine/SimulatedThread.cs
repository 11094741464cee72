using Akka.Dispatch;

namespace AiMe.Simulation.Machine;

/// <summary>
/// The only thread of a process: draws the next step among the ready ones. All dispatchers of its actor system schedule
/// their mailboxes here.
/// </summary>
/// <remarks>
/// No step may run as a task, because a continuation with ConfigureAwait(false) would run on the thread pool. On a bare
/// thread a continuation runs within the step that completes its task.
/// </remarks>
internal sealed class SimulatedThread
{
    private readonly List<IRunnable> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _escaped;

    /// <summary>Draws the next step.</summary>
    public Dice Dice { get; set; } = new(default);

    /// <summary>Number of ready steps.</summary>
    public int Ready => _ready.Count;

    /// <summary>Adds a step.</summary>
    /// <exception cref="InvalidOperationException">
    /// Called from another thread: a step has escaped, and the seed would not reproduce.
    /// </exception>
    public void Add(IRunnable step)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escaped = true; // the exception may be caught on that thread, so Step throws it again
            throw Escaped();
        }

        _ready.Add(step);
    }

    /// <summary>Adds a step.</summary>
    /// <exception cref="InvalidOperationException">Called from another thread.</exception>
    public void Add(Action step) => Add(new ActionRunnable(step));

    /// <summary>Runs one step, and returns its index among the ready ones; -1 if there was none.</summary>
    /// <exception cref="InvalidOperationException">A step ran on another thread before.</exception>
    public int Step()
    {
        if (_escaped)
            throw Escaped();
        if (_ready.Count == 0)
            return -1;
        var at = _ready.Count == 1 ? 0 : Dice.Below(_ready.Count);
        var step = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        step.Run();
        return at;
    }

    /// <summary>Runs the ready steps, and those that they add, in order and without a draw.</summary>
    public void RunAll()
    {
        for (var next = 0; next < _ready.Count; next++)
            _ready[next].Run();
        _ready.Clear();
    }

    private static InvalidOperationException Escaped() =>
        new("A step of the simulated process ran on another thread: its seed would not reproduce.");
}
