using System.Collections.Concurrent;

namespace AiMe;

/// <summary>
/// A bounded pool of threads for model work. It is apart from the thread pool, so that instances whose models are idle are not kept
/// waiting for a thread by those whose models are at work; calls that wait for a server hold no thread.
/// </summary>
internal sealed class ComputePool : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _queue = [];

    public ComputePool(int threads)
    {
        MaximumConcurrencyLevel = threads;
        for (var i = 0; i < threads; i++)
            new Thread(Work) { IsBackground = true, Name = $"aime model {i + 1}" }.Start();
    }

    public override int MaximumConcurrencyLevel { get; }

    public void Dispose() => _queue.CompleteAdding();

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    protected override void QueueTask(Task task) => _queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Work()
    {
        foreach (var task in _queue.GetConsumingEnumerable())
            TryExecuteTask(task);
    }
}
