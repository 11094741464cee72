using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Runs;

/// <summary>A process that holds names of a store.</summary>
/// <param name="Holders">Its names, in ordinal order, at least one.</param>
public sealed record HoldingProcess(ImmutableArray<Holder> Holders)
{
    /// <summary>Identifies the process.</summary>
    public OwnerInfo Info => Holders[0].Owner.Info;

    /// <summary>Whether it may still write.</summary>
    public bool IsAlive => Holders.Any(h => h.IsAlive);

    /// <summary>Age of its newest heartbeat; negative if that is in the future.</summary>
    public TimeSpan Silence => Holders.Min(h => h.Silence);

    /// <summary>
    /// Whether only watching can tell if it is alive: it is on another host, and its heartbeat is in the future.
    /// </summary>
    public bool MustBeWatched => IsAlive && Info.Host != Environment.MachineName && Silence < TimeSpan.Zero;

    /// <summary>The processes that hold names, by their first name.</summary>
    public static async Task<ImmutableArray<HoldingProcess>> AllAsync(Ownership ownership, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ownership);
        var holders = await ownership.HoldersAsync(cancellationToken);
        return [.. holders.GroupBy(h => h.Owner.Info).Select(g => new HoldingProcess([.. g]))];
    }
}

/// <summary>Frees the names of dead processes. Each name's epoch rises, as with any other claim.</summary>
public static class TakeOver
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Watches the heartbeats whose age is unknown until they have moved, or have stood still long enough for their
    /// process to count as dead.
    /// </summary>
    /// <returns>The processes that hold names now.</returns>
    public static async Task<ImmutableArray<HoldingProcess>> WatchAsync(
        Ownership ownership,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(time);
        var began = time.GetTimestamp();
        var before = await HoldingProcess.AllAsync(ownership, cancellationToken);
        var processes = before;
        while (processes.Any(p => p.MustBeWatched && !HasMoved(p)) && time.GetElapsedTime(began) <= Ownership.StaleAfter + LookEvery)
        {
            await Task.Delay(LookEvery, time, cancellationToken);
            processes = await HoldingProcess.AllAsync(ownership, cancellationToken);
        }

        return processes;

        bool HasMoved(HoldingProcess now) =>
            before.FirstOrDefault(p => p.Info == now.Info) is not { } then
            || !then.Holders.Select(h => h.Owner.Heartbeat).SequenceEqual(now.Holders.Select(h => h.Owner.Heartbeat));
    }

    /// <summary>Claims the names of a dead process and releases them at once.</summary>
    /// <exception cref="AlreadyOwnedException">It is alive after all, or another process was quicker; nothing was changed.</exception>
    public static async Task FreeAsync(Ownership ownership, HoldingProcess dead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ownership);
        ArgumentNullException.ThrowIfNull(dead);
        var writer = WriterId.Of(RandomNumberGenerator.GetHexString(WriterId.Digits, lowercase: true));
        var held = await ownership.ClaimAsync([.. dead.Holders.Select(h => h.Owner.Name)], OwnerInfo.Here(writer), cancellationToken);
        await ownership.ReleaseAsync(held, writer, CancellationToken.None);
    }
}
