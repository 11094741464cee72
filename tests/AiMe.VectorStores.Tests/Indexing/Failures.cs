using AiMe.VectorStores.Indexing;

namespace AiMe.VectorStores.Tests.Indexing;

internal sealed class Failures(Action? afterPause = null) : IIndexFailures
{
    public List<VectorStoreException> Seen { get; } = [];

    public List<TimeSpan> Pauses { get; } = [];

    public Task FailedAsync(VectorStoreException failure, CancellationToken cancellationToken)
    {
        Seen.Add(failure);
        return Task.CompletedTask;
    }

    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        Pauses.Add(pause);
        afterPause?.Invoke();
        return Task.CompletedTask;
    }
}
