using System.Threading.Channels;
using AiMe.VectorStores.Indexing;

namespace AiMe.Lab.Runs.Indexes;

/// <summary>Releases the copies of instances that came to rest, one after another, beside the session.</summary>
internal sealed class IndexReleases
{
    private readonly Channel<string> _rested = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _releasing;

    public IndexReleases(StoreIndex index) => _releasing = ReleaseAsync(index);

    /// <summary>An instance has finished, is parked or waits for people. May be called from any thread, and does not wait.</summary>
    public void Add(string instance) => _rested.Writer.TryWrite(instance);

    /// <summary>Begins no further release, and ends the one under way.</summary>
    public void Shut()
    {
        _rested.Writer.TryComplete();
        _closing.Cancel();
    }

    /// <summary>Completes after <see cref="Shut"/>; faults if a release did.</summary>
    public async Task EndAsync()
    {
        Shut();
        await _releasing;
    }

    private async Task ReleaseAsync(StoreIndex index)
    {
        try
        {
            await foreach (var instance in _rested.Reader.ReadAllAsync(_closing.Token))
                await index.ReleaseAsync(instance, _closing.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The end of the session writes what is missing.
        }
    }
}
