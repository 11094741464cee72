using System.Collections.Immutable;
using AiMe.Journal;

namespace AiMe.Akka;

/// <summary>The names that this node owns, claimed one by one as lives come and go. One piece of work at a time, in the order asked for.</summary>
internal sealed class Claims(Ownership ownership, OwnerInfo here, TimeProvider time)
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Turns _turns = new();
    private volatile ImmutableHashSet<string> _leaving = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Epoch, int Returns)> _before = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, Owned> _held = ImmutableDictionary.Create<string, Owned>(StringComparer.Ordinal);

    /// <summary>Claims a name, or renews the claim.</summary>
    /// <returns>How often it has come back here after others had held it.</returns>
    /// <exception cref="AlreadyOwnedException">A live process holds it.</exception>
    public async Task<int> ClaimAsync(string name)
    {
        var returns = 0;
        await InTurn(async () =>
        {
            var owned = (await ownership.ClaimAsync([name], here, CancellationToken.None))[0];
            var (epoch, before) = _before.GetValueOrDefault(name, (owned.Epoch, 0));
            returns = before + (owned.Epoch > epoch + 1 ? 1 : 0);
            _before[name] = (owned.Epoch, returns);
            _held = _held.SetItem(name, owned);
            lock (_lock)
                _leaving = _leaving.Remove(name);
        });
        return returns;
    }

    /// <summary>Lets go of a name, behind what was asked for before. Where the store does not take it, it is tried again at each beat.</summary>
    public void Release(string name)
    {
        lock (_lock)
            _leaving = _leaving.Add(name);
        _ = InTurn(LeaveAsync);
    }

    /// <summary>Lets go of all.</summary>
    public Task ReleaseAllAsync() => InTurn(() => ReleaseAsync([.. _held.Values]));

    /// <summary>Beats until it is over.</summary>
    /// <exception cref="JournalException">Another process has taken over.</exception>
    public async Task BeatAsync(CancellationToken over)
    {
        using var beat = new PeriodicTimer(BeatEvery, time);
        while (await NextAsync(beat, over))
        {
            // Beside what waits in turn: thousands of claims must not keep it back.
            var beaten = _held;
            if (!beaten.IsEmpty)
            {
                var missing = await ownership.HeartbeatAsync([.. beaten.Values], here.Writer, CancellationToken.None);
                if (missing.Where(name => _held.TryGetValue(name, out var still) && still == beaten[name]).ToArray() is { Length: > 0 } lost)
                    throw new JournalException($"Another process has taken over {string.Join(", ", lost)}: this one was silent for too long. What it had made durable is kept; let the other go on.");
            }

            if (!_leaving.IsEmpty)
                _ = InTurn(LeaveAsync);
        }
    }

    private async Task ReleaseAsync(ImmutableArray<Owned> owned)
    {
        if (owned.IsEmpty)
            return;
        await ownership.ReleaseAsync(owned, here.Writer, CancellationToken.None);
        _held = _held.RemoveRange(owned.Select(o => o.Name));
    }

    private async Task LeaveAsync()
    {
        var leaving = _leaving;
        await ReleaseAsync([.. _held.Values.Where(owned => leaving.Contains(owned.Name))]);
        lock (_lock)
            _leaving = _leaving.Except(leaving);
    }

    // Whoever asked for the work before has its trouble.
    private Task InTurn(Func<Task> work) => _turns.InTurnAsync(
        async () =>
        {
            await work();
            return true;
        },
        CancellationToken.None);

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken over)
    {
        try
        {
            return await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return false;
        }
    }
}
