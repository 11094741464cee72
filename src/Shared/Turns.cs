namespace AiMe;

/// <summary>Does pieces of work one after the other, in the order in which they were asked for.</summary>
internal sealed class Turns
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Does a piece of work when those before it are done, or have gone.</summary>
    /// <param name="cancellationToken">Ends the wait; the work itself is given nothing of it.</param>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
            (before, _last) = (_last, done.Task);
        try
        {
            await before.WaitAsync(cancellationToken);
            return await work();
        }
        finally
        {
            // Who goes away while he waits leaves those behind him where they were.
            _ = before.ContinueWith(
                _ => done.SetResult(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }
}
