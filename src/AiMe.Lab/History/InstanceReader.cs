using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History.Replay;

namespace AiMe.Lab.History;

/// <summary>One event of a life, with the state of its faculty after it.</summary>
/// <param name="Index">1-based position in the life, over all five streams.</param>
/// <param name="Faculty">Which faculty wrote it.</param>
/// <param name="Manifest">Such as <c>memory.stored@1</c>.</param>
/// <param name="State">The faculty's state after the event.</param>
public sealed record InstanceEvent(long Index, string Faculty, string Manifest, Event Happened, object State);

/// <summary>Reads lives from the journal: no model is called.</summary>
public static class InstanceReader
{
    private const int Attempts = 5;

    /// <summary>
    /// The events of one instance of a run, in the order in which they happened; the chain and the order are checked on the
    /// way.
    /// </summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain; or a finished life does not end where the supervisor recorded it.
    /// </exception>
    /// <remarks>
    /// The five streams are read one after another, so a life that is being lived may get on in between: then an event is
    /// missing that stands in
    /// a stream already read. It is found when they are read again; one that is still missing is lost.
    /// </remarks>
    public static async Task<ImmutableArray<InstanceEvent>> ReadAsync(
        IJournal journal,
        SupervisorState state,
        string instance,
        CancellationToken cancellationToken
    )
    {
        var missing = 0L;
        for (var attempt = 1; ; attempt++)
        {
            var events = await ReadStreamsAsync(journal, state, instance, cancellationToken);
            var whole = 0;
            while (whole < events.Length && events[whole].Index == whole + 1)
                whole++;
            if (whole == events.Length)
                return events;
            if (missing == whole + 1)
                throw new CorruptJournalException(
                    $"the life of {state.Plan!.Run}/{instance} has no event {missing}: the next one found is "
                        + $"{events[whole].Index} ({events[whole].Manifest})"
                );
            if (attempt == Attempts)
                return events[..whole]; // each time another one: it gets on faster than it is read, and this is how far it had got
            missing = whole + 1;
        }
    }

    private static async Task<ImmutableArray<InstanceEvent>> ReadStreamsAsync(
        IJournal journal,
        SupervisorState state,
        string instance,
        CancellationToken cancellationToken
    )
    {
        var run = state.Plan!.Run;
        var heads = ImmutableArray.CreateBuilder<Link>();
        var events = ImmutableArray.CreateBuilder<InstanceEvent>();
        foreach (var faculty in Loop.Faculties)
        {
            var head = Link.Before(faculty.Name);
            var stream = PersistenceId.Of(run, new FacultyAddress(instance, faculty.Name));
            await foreach (var (happened, link) in StreamAsync(journal, stream, faculty, cancellationToken))
            {
                events.Add(happened);
                head = link;
            }

            heads.Add(head);
        }

        await InstanceEnd.CheckAsync(journal, state, instance, new Heads(heads.DrainToImmutable()), cancellationToken);
        events.Sort((a, b) => a.Index.CompareTo(b.Index));
        return events.DrainToImmutable();
    }

    /// <summary>The run as its supervisor tells it, or the supervisors of its shards together; null where it has never started.</summary>
    /// <exception cref="CorruptJournalException">A row cannot be read, is missing, or does not continue its chain.</exception>
    public static async Task<SupervisorState?> ReadRunAsync(IJournal journal, string run, CancellationToken cancellationToken)
    {
        var follower = new RunFollower(journal, run);
        await follower.CatchUpAsync(cancellationToken);
        return follower.State.Plan is null ? null : follower.State;
    }

    /// <summary>The runs in a store, in ordinal order.</summary>
    public static async Task<ImmutableArray<string>> RunsAsync(IJournal journal, CancellationToken cancellationToken)
    {
        var ids = await journal.PersistenceIdsAsync("", cancellationToken);
        return
        [
            .. ids.Select(id => Shard.RunOf(id, out _)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The events of one faculty of an instance alone; its chain is checked on the way.</summary>
    /// <exception cref="CorruptJournalException">A row cannot be read, is missing, or does not continue its chain.</exception>
    internal static async Task<ImmutableArray<Event>> ReadStreamAsync(
        IJournal journal,
        string run,
        string instance,
        string faculty,
        CancellationToken cancellationToken
    )
    {
        var events = ImmutableArray.CreateBuilder<Event>();
        await foreach (
            var (happened, _) in StreamAsync(
                journal,
                PersistenceId.Of(run, new FacultyAddress(instance, faculty)),
                Loop.Faculties.Single(f => f.Name == faculty),
                cancellationToken
            )
        )
            events.Add(happened.Happened);
        return events.ToImmutable();
    }

    // Somebody may just have spoken to a life that was at rest when the supervisor was read.
    internal static async Task<bool> IsStillAsync(
        IJournal journal,
        string run,
        string instance,
        Heads heads,
        CancellationToken cancellationToken
    ) => (await ReadRunAsync(journal, run, cancellationToken))?.Instances[instance] is { IsAtRest: true } now && now.Heads.Equals(heads);

    private static async IAsyncEnumerable<(InstanceEvent Happened, Link Head)> StreamAsync(
        IJournal journal,
        PersistenceId id,
        FacultyDefinition faculty,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var current = StreamState.Before(faculty);
        await foreach (var row in journal.ReadAsync(id, 1, long.MaxValue, cancellationToken))
        {
            current = current.Next(faculty, row, FacultyEvents.Codec, out var happened);
            yield return (new InstanceEvent(current.Index, faculty.Name, row.Manifest, happened, current.State), current.Head);
        }
    }
}
