namespace AiMe.Runtime.Tests;

/// <summary>Runs everything on the thread that pumps it, and waits for nothing: what goes elsewhere is missed.</summary>
internal sealed class OneThread : TaskScheduler
{
    private readonly Queue<Task> _ready = [];
    private readonly Lock _gate = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _elsewhere;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Times that a step was found on another thread.</summary>
    public int Elsewhere => Volatile.Read(ref _elsewhere);

    /// <summary>Steps that were run.</summary>
    public int Steps { get; private set; }

    /// <summary>To be called by every double: are we where we belong?</summary>
    public void Check()
    {
        if (Environment.CurrentManagedThreadId != _thread || Current != this)
            Interlocked.Increment(ref _elsewhere);
    }

    /// <summary>Begins a piece of work and runs whatever becomes ready, until nothing is.</summary>
    public Task Pump(Func<Task> work)
    {
        SynchronizationContext.SetSynchronizationContext(null); // the test's own would take what awaits before this scheduler does
        var whole = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();
        while (TryNext(out var task))
        {
            Steps++;
            TryExecuteTask(task);
        }

        return whole;
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    // Whoever puts a step in from another thread has escaped before.
    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Interlocked.Increment(ref _elsewhere);
        lock (_gate)
            _ready.Enqueue(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Task? task)
    {
        lock (_gate)
            return _ready.TryDequeue(out task);
    }
}
