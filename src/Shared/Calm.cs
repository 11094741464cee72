namespace AiMe;

/// <summary>Waits for the moment at which nothing is in hand, as often as anyone asks: what came since the last one is waited for too.</summary>
internal sealed class Calm
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();

    /// <summary>Completes the next time that nothing is in hand. Who asks sees to it himself that <see cref="Reached"/> is called if it is so already.</summary>
    public Task NextAsync()
    {
        lock (_lock)
        {
            if (_next.Task.IsCompleted)
                _next = New();
            return _next.Task;
        }
    }

    /// <summary>Nothing is in hand, or nobody will wait any longer.</summary>
    public void Reached()
    {
        lock (_lock)
            _next.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
