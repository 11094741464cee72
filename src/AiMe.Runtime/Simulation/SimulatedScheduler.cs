namespace AiMe.Runtime.Simulation;

/// <summary>Runs one ready task at a time on the thread that steps it; which one is next is drawn.</summary>
/// <remarks>Nothing is ever run inline, so every continuation is a step of its own, before or after which any other may come.</remarks>
public sealed class SimulatedScheduler(Dice dice) : TaskScheduler
{
    private readonly List<Task> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Tasks that could be next.</summary>
    public int Ready => _ready.Count;

    /// <summary>Begins a piece of work; it runs when it is drawn.</summary>
    public Task Begin(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs one task, and says whether there was one.</summary>
    public bool Step()
    {
        if (_ready.Count == 0)
            return false;
        var at = _ready.Count == 1 ? 0 : dice.Below(_ready.Count);
        var task = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        TryExecuteTask(task);
        return true;
    }

    /// <summary>Takes nothing more: what is ready never runs.</summary>
    public void Abandon() => _ready.Clear();

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">From another thread: a step has escaped, and the seed would not reproduce.</exception>
    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("A step of the simulated host ran on another thread: its seed would not reproduce.");
        _ready.Add(task);
    }

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
