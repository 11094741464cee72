using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History.Replay;

namespace AiMe.Lab.History;

/// <summary>An event of an instance, with the state of its faculty after it.</summary>
/// <param name="Index">1-based position in the instance, over all five streams.</param>
/// <param name="Faculty">The faculty that wrote it.</param>
/// <param name="Manifest">Such as <c>memory.stored@1</c>.</param>
/// <param name="State">The faculty's state after the event.</param>
public sealed record InstanceEvent(long Index, string Faculty, string Manifest, Event Happened, object State);

/// <summary>Reads instances from the journal. Calls no model.</summary>
public static class InstanceReader
{
    private const int Attempts = 5;

    /// <summary>
    /// The events of an instance in the order in which they happened; the chain and the order are checked.
    /// </summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain; or a finished instance does not end where the
    /// supervisor recorded it.
    /// </exception>
    /// <remarks>
    /// The five streams are read one after another, so a running instance may write in between: an event is then
    /// missing in a stream that was read already. A second reading finds it; if it is still missing, it is lost.
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
                    $"the instance {state.Plan!.Run}/{instance} has no event {missing}: the next one found is "
                        + $"{events[whole].Index} ({events[whole].Manifest})"
                );
            if (attempt == Attempts)
                return events[..whole]; // a different gap each time: it is written faster than it is read
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

    /// <summary>
    /// The state of a run's supervisor, or of its shards' supervisors together; null if the run has never started.
    /// </summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
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

    /// <summary>The events of one faculty of an instance; its chain is checked.</summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
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

    // An instance that was idle when the supervisor was read may have received input since.
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
