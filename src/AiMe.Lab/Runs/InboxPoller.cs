using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs;

/// <summary>
/// What other processes put into a run's inbox: it is read, handed on to the supervisor, and taken away once that has
/// journalled it.
/// </summary>
/// <param name="shard">Whose letters they are; null for all.</param>
/// <param name="admit">Lets an instance live on, where only some do.</param>
/// <param name="tell">A message to the supervisor.</param>
internal sealed class InboxPoller(
    EventStore store,
    string run,
    Shard? shard,
    SessionWatch watch,
    Func<string, ValueTask> admit,
    Func<SupervisorCommand, ValueTask> tell,
    TimeProvider time
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200),
        AgainAfter = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<ImmutableArray<string>> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What waited at the first look, and is the supervisor's now to journal.</summary>
    public Task<ImmutableArray<string>> Found => _found.Task;

    /// <summary>Collects until it is over. A look that waits for the store is then not waited for.</summary>
    public async Task CollectAsync(CancellationToken over)
    {
        try
        {
            await LookAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is over.
        }
    }

    private async Task LookAsync(CancellationToken over)
    {
        var (handed, unreadable) = (new Dictionary<string, long>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        using var look = new PeriodicTimer(LookEvery, time);
        do
        {
            var waiting = await store.Inbox.WaitingAsync(run, over);
            foreach (
                var letter in waiting.Where(l =>
                    IsOurs(l) && !unreadable.Contains(l.Arrival) && (!handed.TryGetValue(l.Arrival, out var when) || IsForgotten(l, when))
                )
            )
            {
                handed[letter.Arrival] = time.GetTimestamp();
                if (!await HandOnAsync(letter))
                    unreadable.Add(letter.Arrival);
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

    /// <summary>Takes away what the supervisor has journalled.</summary>
    public async Task EmptyAsync() => await EmptyAsync(await store.Inbox.WaitingAsync(run, CancellationToken.None), CancellationToken.None);

    // On its way to another process it may be lost; the supervisor takes one twice.
    private bool IsForgotten(InboxMessage letter, long handed) =>
        watch.IsElsewhere && time.GetElapsedTime(handed) > AgainAfter && !watch.State.Arrivals.Contains(letter.Arrival);

    // Another shard's letters are left to its host.
    private bool IsOurs(InboxMessage letter) => shard is null || watch.State.Instances.ContainsKey(letter.Instance);

    // One letter that cannot be read must not keep the others waiting: it stays where it is, and is named.
    private async Task<bool> HandOnAsync(InboxMessage letter)
    {
        Input input;
        try
        {
            input = InputJson.Read(letter);
        }
        catch (JournalException e)
        {
            watch.Refused(letter.Instance, Loop.Supervisor, new TakeBack(letter.Instance, letter.Arrival, "it cannot be read"), e.Message);
            return false;
        }

        await admit(letter.Instance);
        await tell(new Give(letter.Instance, letter.Arrival, input, letter.At));
        return true;
    }

    private async Task EmptyAsync(ImmutableArray<InboxMessage> waiting, CancellationToken cancellationToken)
    {
        var known = watch.State.Arrivals;
        if (waiting.Where(l => known.Contains(l.Arrival)).Select(l => l.Arrival).ToImmutableArray() is { IsEmpty: false } received)
            await store.Inbox.RemoveAsync(received, cancellationToken);
    }
}
