using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs;

/// <summary>
/// Polls a run's inbox: passes messages of other processes to the supervisor, and removes them once it has journalled
/// them.
/// </summary>
/// <param name="shard">The shard whose messages are read; null for all.</param>
/// <param name="held">The name that this process owns; null for a node of a cluster, which no request can pause.</param>
/// <param name="admit">Activates an instance if only some are hosted.</param>
/// <param name="tell">Sends a message to the supervisor.</param>
internal sealed class InboxPoller(
    EventStore store,
    string run,
    Shard? shard,
    Owned? held,
    SessionWatch watch,
    Func<string, ValueTask> admit,
    Func<SupervisorCommand, ValueTask> tell,
    TimeProvider time
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200),
        AgainAfter = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<ImmutableArray<string>> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The messages found at the first poll, which the supervisor is about to journal.</summary>
    public Task<ImmutableArray<string>> Found => _found.Task;

    /// <summary>Completes when another process asks this one to stop the run.</summary>
    public Task Paused => _paused.Task;

    /// <summary>Polls until cancelled. A poll that is waiting for the store is then abandoned.</summary>
    public async Task CollectAsync(CancellationToken over)
    {
        try
        {
            await LookAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Cancelled.
        }
    }

    private async Task LookAsync(CancellationToken over)
    {
        var (handed, unreadable) = (new Dictionary<string, long>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        using var look = new PeriodicTimer(LookEvery, time);
        do
        {
            var waiting = await WithoutPauseAsync(await store.Inbox.WaitingAsync(run, over), over);
            foreach (
                var message in waiting.Where(l =>
                    IsOurs(l) && !unreadable.Contains(l.Arrival) && (!handed.TryGetValue(l.Arrival, out var when) || IsForgotten(l, when))
                )
            )
            {
                handed[message.Arrival] = time.GetTimestamp();
                if (!await ForwardAsync(message))
                    unreadable.Add(message.Arrival);
            }

            _found.TrySetResult([
                .. waiting
                    .Where(l =>
                        (watch.State.Plan is null || watch.State.Instances.ContainsKey(l.Instance)) && !unreadable.Contains(l.Arrival)
                    )
                    .Select(l => l.Arrival),
            ]);
            await EmptyAsync(waiting, over);
        } while (await Heartbeat.NextAsync(look, over));
    }

    /// <summary>Removes the messages that the supervisor has journalled.</summary>
    public async Task EmptyAsync() => await EmptyAsync(await store.Inbox.WaitingAsync(run, CancellationToken.None), CancellationToken.None);

    // A message to another process may be lost; the supervisor tolerates duplicates.
    private bool IsForgotten(InboxMessage message, long handed) =>
        watch.IsElsewhere && time.GetElapsedTime(handed) > AgainAfter && !watch.State.Arrivals.Contains(message.Arrival);

    // A request to an earlier host is removed too: its sender may be gone.
    private async Task<ImmutableArray<InboxMessage>> WithoutPauseAsync(ImmutableArray<InboxMessage> waiting, CancellationToken over)
    {
        var requests = waiting.RemoveAll(m => !PauseRequest.IsTo(m, RunSession.OwnedName(run, shard)));
        if (!requests.IsEmpty)
        {
            await store.Inbox.RemoveAsync([.. requests.Select(m => m.Arrival)], over);
            if (held is not null && requests.Any(m => PauseRequest.Asks(m, held)))
                _paused.TrySetResult();
        }

        return waiting.RemoveAll(PauseRequest.Is);
    }

    // Messages of another shard are left to its host.
    private bool IsOurs(InboxMessage message) => shard is null || watch.State.Instances.ContainsKey(message.Instance);

    // A message that cannot be read must not block the others: it stays in the inbox and is reported.
    private async Task<bool> ForwardAsync(InboxMessage message)
    {
        SupervisorCommand command;
        try
        {
            command = InputJson.Read(message);
        }
        catch (JournalException e)
        {
            TakeBack refused = new(message.Instance, message.Arrival, "it cannot be read");
            watch.Refused(message.Instance, Loop.Supervisor, refused, e.Message);
            return false;
        }

        if (command is Give)
            await admit(message.Instance); // a review wakes nobody: its instance goes on when its run does
        await tell(command);
        return true;
    }

    private async Task EmptyAsync(ImmutableArray<InboxMessage> waiting, CancellationToken cancellationToken)
    {
        var known = watch.State.Arrivals;
        if (waiting.Where(l => known.Contains(l.Arrival)).Select(l => l.Arrival).ToImmutableArray() is { IsEmpty: false } received)
            await store.Inbox.RemoveAsync(received, cancellationToken);
    }
}
