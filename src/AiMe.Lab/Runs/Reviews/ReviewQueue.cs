using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Reviews;

/// <summary>
/// Reads the held experiences of a run incrementally: the first look reads the open rounds of instances whose policy holds
/// experiences, a later one the new rows. No instance is folded.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class ReviewQueue(EventStore store, string run)
{
    private const string StoredFact = "memory.stored",
        ReviewedFact = "memory.reviewed";

    private readonly RunFollower _follower = new(store.Journal, run);
    private readonly Dictionary<string, List<Stored>> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private long _seen = -1;

    /// <summary>The run when it was last read; without a plan if it has never started.</summary>
    public SupervisorState State => _follower.State;

    /// <summary>The held experiences now.</summary>
    public async Task<ReviewList> LookAsync(CancellationToken cancellationToken)
    {
        var newest = await store.Glance.NewestAsync(cancellationToken);
        await _follower.CatchUpAsync(cancellationToken);
        if (_seen >= 0)
        {
            foreach (var row in await store.Glance.RowsAsync($"{run}/", _seen, newest, [StoredFact, ReviewedFact], cancellationToken))
                Note(row);
        }

        _seen = newest;
        foreach (var (name, instance) in State.Instances)
        {
            if (MayHold(instance) && _known.Add(name))
                await BeginAsync(name, cancellationToken);
        }

        var inbox = await InboxAsync(cancellationToken);
        return new ReviewList(run, [.. InstanceOrder.Of(State).SelectMany(name => Items(name, inbox))]);
    }

    // A fork may have another policy than its variant.
    private bool MayHold(InstanceProgress instance) =>
        instance.Parent is not null
        || instance.Reviews is not null
        || State.Plan!.PoliciesOf(instance.Variant).Any(p => Review.In(p) is not null);

    private async Task BeginAsync(string instance, CancellationToken cancellationToken)
    {
        var stream = PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory));
        var last = await store.Glance.LastAsync(stream, ReviewedFact, cancellationToken);
        _held[instance] = [];
        foreach (var row in await store.Glance.AfterAsync(stream, last?.SequenceNumber ?? 0, StoredFact, cancellationToken))
            Add(instance, JournalRows.Read<Stored>(row));
    }

    private void Note(JournalRow row)
    {
        var path = row.PersistenceId.Value.Split('/');
        if (path.Length != 3 || !_held.TryGetValue(path[1], out var held))
            return;
        if (JournalRows.Read<MemoryEvent>(row) is HeldSettled settled)
            held.RemoveAll(s => s.Round <= settled.Round);
        else if (JournalRows.Read<MemoryEvent>(row) is Stored stored)
            Add(path[1], stored);
    }

    private void Add(string instance, Stored stored)
    {
        if (stored.Review is not null && _held[instance].All(s => s.Id != stored.Id))
            _held[instance].Add(stored);
    }

    private IEnumerable<HeldExperience> Items(string name, ILookup<string, ReviewAnswer> inbox)
    {
        if (!_held.TryGetValue(name, out var held) || held.Count == 0)
            yield break;
        var instance = State.Instances[name];
        var board = inbox[name].Aggregate(instance.ReviewsSoFar, (b, answer) => b.With(answer));
        held.RemoveAll(s => s.Round <= Math.Max(instance.Generation, board.Settled?.Round ?? 0));
        foreach (var stored in held)
        {
            var awaited = board.Awaited is { } round && round.Held.Contains(stored.Id);
            yield return new HeldExperience(
                name,
                instance.Variant,
                instance.Replicate,
                stored,
                awaited ? board.Awaited!.Terms : stored.Review!,
                board.On(stored.Id),
                awaited
            );
        }
    }

    private async Task<ILookup<string, ReviewAnswer>> InboxAsync(CancellationToken cancellationToken) =>
        (await store.Inbox.WaitingAsync(run, cancellationToken))
            .Where(m => !State.Arrivals.Contains(m.Arrival))
            .Select(m => (m.Instance, Answer: InputJson.FindReview(m)))
            .Where(m => m.Answer is not null)
            .ToLookup(m => m.Instance, m => m.Answer!, StringComparer.Ordinal);
}
