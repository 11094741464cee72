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
/// Branches an instance off from another at any of its events: the parent's events up to there are copied with their
/// chain links.
/// </summary>
/// <remarks>
/// The order of writes makes every interruption harmless. The Self's stream comes first, in one append that ends with
/// <see cref="Forked"/>: all the rest follows from it. Then the other streams are written, one append each, and the
/// supervisor receives its command last. So a crash leaves either nothing or a fork that <see cref="FinishAsync"/> completes with
/// identical rows.
/// </remarks>
public static class Fork
{
    /// <summary>The greatest length of a name <c>run/instance</c>.</summary>
    public const int LongestName = VariantReader.LongestName;

    /// <summary>
    /// The last event at or before an index at which a cycle was closed; null before birth is complete.
    /// </summary>
    /// <param name="index">Index of an event of the instance, from 1.</param>
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

    /// <summary>Makes a fork, in a session that hosts the parent's run. A partly made fork is completed.</summary>
    /// <exception cref="ForkException">
    /// The name belongs to another instance, or the parent has no such event.
    /// </exception>
    public static async Task MakeAsync(RunSession session, EventStore store, ForkRequest wish, CancellationToken cancellationToken)
    {
        if (session.State.Instances.ContainsKey(wish.Name))
            throw new ForkException($"the run {session.Plan.Run} already has an instance '{wish.Name}'");
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

    /// <summary>
    /// Unfinished forks of the run, which its supervisor does not know because the process that made them ended.
    /// </summary>
    /// <remarks>
    /// Streams without a <see cref="Forked"/> of their own, which older builds could leave, are ignored, and their name
    /// stays taken.
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

    /// <summary>Completes unfinished forks.</summary>
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

    /// <summary>The first free name among <c>{root}-fork-1</c>, <c>-2</c>, ...</summary>
    /// <param name="isFree">Whether a name can be used; null for any name that no instance and no stream has.</param>
    public static async Task<string> FreeNameAsync(
        IJournal journal,
        SupervisorState state,
        string parent,
        Func<string, bool>? isFree,
        CancellationToken cancellationToken
    )
    {
        // Named after the original instance, so that a fork of a fork still has a short name.
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

    /// <summary>The event with which a fork began, or null for a planned instance.</summary>
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

    // An append is atomic, so rows that a crash left are complete; different rows belong to another fork.
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
                throw new ForkException($"the stream {stream} holds rows of another fork: choose another name with --as");
            count++;
        }

        return count == 0 ? false
            : count == entries.Length ? true
            : throw new ForkException($"the stream {stream} holds {count} rows, but an atomic append has {entries.Length}: it is damaged");
    }
}

/// <summary>A fork cannot be made; the message says why.</summary>
public sealed class ForkException(string message) : Exception(message);
