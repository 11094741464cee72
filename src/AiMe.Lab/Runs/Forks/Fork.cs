using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Forks;

/// <summary>
/// Branches a life off from another at any of its events: a copy of the parent's events up to there, link by link, and then
/// a life of its own.
/// </summary>
/// <remarks>
/// The order of writing makes every interruption harmless. The Self's stream comes first, in one append that ends with
/// <see cref="Forked"/>: from
/// it alone all the rest follows. Then come the other streams, one append each, and last the supervisor is told. So whatever a crash leaves
/// behind is either nothing or something that <see cref="FinishAsync"/> brings to its end, row by row the same.
/// </remarks>
public static class Fork
{
    /// <summary>The longest that a name <c>run/instance</c> may be.</summary>
    public const int LongestName = VariantReader.LongestName;

    /// <summary>The last moment at or before an event at which a cycle was closed; null before birth is over.</summary>
    /// <param name="index">Of an event of the life, from 1.</param>
    public static InstanceEvent? BoundaryAt(ImmutableArray<InstanceEvent> instance, long index)
    {
        var (point, last) = (InstancePosition.Start, (InstanceEvent?)null);
        foreach (var happened in instance.TakeWhile(e => e.Index <= index))
        {
            point = point.Next(happened.Happened);
            last = point.IsBoundary ? happened : last;
        }

        return last;
    }

    /// <summary>Makes a fork, in a session that hosts the parent's run. A fork that is half made goes on to be made.</summary>
    /// <exception cref="ForkException">The name is another life's, or the parent has no such event.</exception>
    public static async Task MakeAsync(RunSession session, EventStore store, ForkRequest wish, CancellationToken cancellationToken)
    {
        if (session.State.Instances.ContainsKey(wish.Name))
            throw new ForkException($"the run {session.Plan.Run} has a life '{wish.Name}' already");
        var copy = await CopyAsync(store.Journal, session.State, wish, cancellationToken);
        var run = session.Plan.Run;
        foreach (var (faculty, entries) in copy.Streams)
        {
            var stream = PersistenceId.Of(run, new FacultyAddress(wish.Name, faculty.Name));
            if (!await HasAsync(store.Journal, stream, entries, cancellationToken))
                await store.Journal.AppendAsync(stream, session.Writer, entries, cancellationToken);
        }

        await session.TellAsync(copy.Join);
        await session.UntilAsync(state => state.Instances.ContainsKey(wish.Name), cancellationToken);
    }

    /// <summary>Forks of the run that were begun and that its supervisor does not know, because the process that made them ended.</summary>
    /// <remarks>
    /// Streams without a <see cref="Forked"/> of their own, as an older build could leave them, tell nothing; they are
    /// passed over, and their name stays taken.
    /// </remarks>
    public static async Task<ImmutableArray<ForkRequest>> UnfinishedAsync(
        IJournal journal,
        SupervisorState state,
        CancellationToken cancellationToken
    )
    {
        var run = state.Plan!.Run;
        var found = ImmutableArray.CreateBuilder<ForkRequest>();
        foreach (var name in await NamesAsync(journal, run, cancellationToken))
        {
            if (
                !state.Instances.ContainsKey(name)
                && await LastAsync(journal, run, name, cancellationToken) is { } forked
                && forked.Name == name
                && state.Instances.ContainsKey(forked.Parent)
            )
                found.Add(new ForkRequest(name, forked.Parent, forked.Index, forked.Rests, forked.Changed));
        }

        return found.ToImmutable();
    }

    /// <summary>Brings what was begun to its end.</summary>
    /// <returns>The forks that the run has now.</returns>
    public static async Task<ImmutableArray<ForkRequest>> FinishAsync(
        RunSession session,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        var unfinished = await UnfinishedAsync(store.Journal, session.State, cancellationToken);
        foreach (var wish in unfinished)
            await MakeAsync(session, store, wish, cancellationToken);
        return unfinished;
    }

    /// <summary>The first of the names <c>{root}-fork-1</c>, <c>-2</c>, ... that is free.</summary>
    /// <param name="isFree">Whether a name can be had; null for any that no life and no stream bears.</param>
    public static async Task<string> FreeNameAsync(
        IJournal journal,
        SupervisorState state,
        string parent,
        Func<string, bool>? isFree,
        CancellationToken cancellationToken
    )
    {
        // After the life that all of them come from, so that a fork of a fork of a fork still has a short name.
        var root = parent;
        while (state.Instances[root].Parent is { } before)
            root = before;
        var taken = (await NamesAsync(journal, state.Plan!.Run, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        for (var n = 1; ; n++)
        {
            var name = $"{root}-fork-{n}";
            if (!taken.Contains(name) && !state.Instances.ContainsKey(name) && isFree?.Invoke(name) != false)
                return name;
        }
    }

    /// <summary>How a life began to be one of its own, or null for a planned one.</summary>
    public static async Task<Forked?> LastAsync(IJournal journal, string run, string name, CancellationToken cancellationToken)
    {
        Forked? forked = null;
        await foreach (
            var row in journal.ReadAsync(PersistenceId.Of(run, new FacultyAddress(name, Loop.Self)), 1, long.MaxValue, cancellationToken)
        )
        {
            if (row.Manifest.StartsWith("self.forked@", StringComparison.Ordinal))
                forked = JournalRows.Read<Forked>(row);
        }

        return forked;
    }

    private static async Task<ForkCopy> CopyAsync(
        IJournal journal,
        SupervisorState run,
        ForkRequest wish,
        CancellationToken cancellationToken
    )
    {
        var draft = new ForkCopy.ForkBuilder(run, wish);
        for (var stream = 0; stream < Loop.Faculties.Length; stream++)
        {
            var parent = PersistenceId.Of(run.Plan!.Run, new FacultyAddress(wish.Parent, Loop.Faculties[stream].Name));
            await foreach (var row in journal.ReadAsync(parent, 1, long.MaxValue, cancellationToken))
            {
                if (!draft.Take(stream, row))
                    break;
            }
        }

        return draft.Finish();
    }

    private static async Task<ImmutableArray<string>> NamesAsync(IJournal journal, string run, CancellationToken cancellationToken)
    {
        var suffix = $"/{Loop.Self}";
        var streams = await journal.PersistenceIdsAsync($"{run}/", cancellationToken);
        return
        [
            .. streams
                .Where(s => s.Value.EndsWith(suffix, StringComparison.Ordinal))
                .Select(s => s.Value[(run.Length + 1)..^suffix.Length]),
        ];
    }

    // What a crash left is whole, since an append is all or nothing; rows that are others than these would be another fork's.
    private static async Task<bool> HasAsync(
        IJournal journal,
        PersistenceId stream,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var count = 0;
        await foreach (var row in journal.ReadAsync(stream, 1, long.MaxValue, cancellationToken))
        {
            if (
                count == entries.Length
                || row.Manifest != entries[count].Manifest
                || !row.Message.Span.SequenceEqual(entries[count].Message.Span)
            )
                throw new ForkException(
                    $"the stream {stream} holds other rows than the fork that was to be made: choose another name with --as"
                );
            count++;
        }

        return count == 0 ? false
            : count == entries.Length ? true
            : throw new ForkException(
                $"the stream {stream} holds {count} rows where an append of {entries.Length} was all or nothing: it is damaged"
            );
    }
}

/// <summary>A fork cannot be made; the message says why.</summary>
public sealed class ForkException(string message) : Exception(message);
