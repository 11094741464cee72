using Akka.Dispatch;

namespace AiMe.Simulation.Machine;

/// <summary>
/// The one thread of a process: of what is ready to run, the next step is drawn. All dispatchers of its actor system
/// put their mailboxes here.
/// </summary>
/// <remarks>
/// Nothing of it may run as a task: what awaits with ConfigureAwait(false) would leave for the thread pool. On a bare
/// thread a continuation runs within the step that completes what it waits for.
/// </remarks>
internal sealed class SimulatedThread
{
    private readonly List<IRunnable> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _escaped;

    /// <summary>Draws the next step.</summary>
    public Dice Dice { get; set; } = new(default);

    /// <summary>Steps that could be next.</summary>
    public int Ready => _ready.Count;

    /// <summary>Adds a step.</summary>
    /// <exception cref="InvalidOperationException">
    /// From another thread: a step has escaped, and the seed would not reproduce.
    /// </exception>
    public void Add(IRunnable step)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _escaped = true; // who catches the exception over there is not who drives the machine
            throw Escaped();
        }

        _ready.Add(step);
    }

    /// <summary>Adds a step.</summary>
    /// <exception cref="InvalidOperationException">From another thread.</exception>
    public void Add(Action step) => Add(new ActionRunnable(step));

    /// <summary>Runs one step, and gives its place among those that were ready; -1 where there was none.</summary>
    /// <exception cref="InvalidOperationException">Something ran on another thread before.</exception>
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

    /// <summary>Runs what is ready, and what that makes ready, in order and without a draw.</summary>
    public void RunAll()
    {
        for (var next = 0; next < _ready.Count; next++)
            _ready[next].Run();
        _ready.Clear();
    }

    private static InvalidOperationException Escaped() =>
        new("A step of the simulated process ran on another thread: its seed would not reproduce.");
}
