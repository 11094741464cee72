using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Runs;

/// <summary>Renews the heartbeat of owned names periodically.</summary>
public static class Heartbeat
{
    /// <summary>Interval between two heartbeats.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Renews the heartbeat until cancelled.</summary>
    /// <exception cref="JournalException">Another process has taken over.</exception>
    public static async Task BeatAsync(
        Ownership ownership,
        ImmutableArray<Owned> held,
        WriterId writer,
        TimeProvider time,
        CancellationToken over
    )
    {
        using var beat = new PeriodicTimer(Every, time);
        while (await NextAsync(beat, over))
        {
            try
            {
                await OnceAsync(ownership, held, writer, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return; // A heartbeat that is waiting for the store is abandoned.
            }
        }
    }

    /// <summary>
    /// Runs a piece of work, with heartbeats before and during it. If the names are lost, the work is cancelled.
    /// </summary>
    /// <exception cref="JournalException">Another process has taken over.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the work was done.</exception>
    public static async Task WhileAsync(
        Ownership ownership,
        ImmutableArray<Owned> held,
        WriterId writer,
        TimeProvider time,
        Func<CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(ownership, held, writer, time, over.Token);
        var working = WorkAsync();
        await Task.WhenAny(working, beating);
        await over.CancelAsync();
        await Task.WhenAll(working, beating).ContinueWith(_ => { }, TaskScheduler.Default);
        if (beating.IsFaulted)
            await beating; // throws if lost names are the reason for the cancellation
        await working; // on cancellation the heartbeats end without an exception, but the work may throw

        async Task WorkAsync()
        {
            await OnceAsync(ownership, held, writer, over.Token); // there may have been a pause since the names were claimed
            await work(over.Token);
        }
    }

    private static async Task OnceAsync(
        Ownership ownership,
        ImmutableArray<Owned> held,
        WriterId writer,
        CancellationToken cancellationToken
    )
    {
        if (await ownership.HeartbeatAsync(held, writer, cancellationToken) is { IsEmpty: false } lost)
            throw Ownership.TakenOver(lost);
    }

    /// <summary>Whether there is a next tick before cancellation.</summary>
    internal static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken over)
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
