using System.Collections.Immutable;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Runtime;

using Store = AiMe.Journal.Store;

namespace AiMe.Lab;

/// <summary>Branches a life off from another: a copy of the parent's events up to a moment, link by link, and then a life of its own.</summary>
public static class Fork
{
    /// <summary>The last moment at or before an event at which a cycle was closed; null before birth is over.</summary>
    /// <param name="index">Of an event of the life, from 1.</param>
    public static LifeEvent? BoundaryAt(ImmutableArray<LifeEvent> life, long index)
    {
        for (var i = (int)Math.Min(index, life.Length) - 1; i >= 0; i--)
        {
            if (i + 1 < life.Length ? life[i + 1].Happened is Heard or RoundCalled or Forked : life[i].Happened is Stored or Probed or Withdrew or Forked)
                return life[i];
        }

        return null;
    }

    /// <summary>Makes the fork and tells the supervisor, in a session that hosts the parent's run.</summary>
    /// <param name="life">The parent's.</param>
    /// <param name="boundary">From <see cref="BoundaryAt"/>.</param>
    /// <returns>The fork's name.</returns>
    public static async Task<string> MakeAsync(RunSession session, Store store, string parent, ImmutableArray<LifeEvent> life, LifeEvent boundary, CancellationToken cancellationToken)
    {
        var run = session.Plan.Run;
        var name = await FreeNameAsync(store.Journal, run, parent, session.State, cancellationToken);
        ImmutableArray<string> tags = [run, $"{run}/{name}"];
        var clock = new Dictionary<string, StreamState>(StringComparer.Ordinal);
        foreach (var faculty in Loop.Faculties)
            clock[faculty.Name] = await CopyAsync(store.Journal, session.Writer, faculty, PersistenceId.Of(run, new Address(parent, faculty.Name)), PersistenceId.Of(run, new Address(name, faculty.Name)), boundary.Index, tags, cancellationToken);

        var shared = new Heads([.. Loop.Faculties.Select(f => clock[f.Name].Head)]);
        var (self, before) = (Loop.Faculties[0], clock[Loop.Self]);
        var decision = self.Decide(before.State, new BecomeFork(name, parent, boundary.Index, shared));
        if (decision.Refusal is { } refusal)
            throw new InvalidOperationException(refusal.Why);
        var (manifest, data) = (MindEvents.Catalogue.ManifestOf(decision.Events[0]), MindEvents.Catalogue.Write(decision.Events[0]));
        var head = before.Head.Next(before.SequenceNumber + 1, boundary.Index + 1, manifest, data);
        await store.Journal.AppendAsync(
            PersistenceId.Of(run, new Address(name, Loop.Self)), session.Writer, [new JournalEntry(before.SequenceNumber + 1, manifest, new Envelope(boundary.Index + 1, data, head).Write())], tags, cancellationToken);

        var until = life.TakeWhile(e => e.Index <= boundary.Index).Select(e => e.Happened).ToArray();
        await session.AdmitAsync(name);
        await session.TellAsync(new JoinFork(
            name,
            parent,
            boundary.Index,
            until.OfType<Heard>().LastOrDefault()?.Cycle ?? 0,
            until.OfType<Adopted>().Last().Generation,
            new Heads(shared.Links.SetItem(0, head))));
        await session.UntilAsync(state => state.Lives.ContainsKey(name), cancellationToken);
        return name;
    }

    private static async Task<string> FreeNameAsync(IJournal journal, string run, string parent, SupervisorState state, CancellationToken cancellationToken)
    {
        // After the life that all of them come from, so that a fork of a fork of a fork still has a short name.
        var root = parent;
        while (state.Lives[root].Parent is { } before)
            root = before;
        for (var n = 1; ; n++)
        {
            var name = $"{root}-fork-{n}";
            // A copy that was never finished, because its process ended, keeps its name: nothing is ever overwritten.
            if (!state.Lives.ContainsKey(name) && (await journal.PersistenceIdsAsync($"{run}/{name}/", cancellationToken)).IsEmpty)
                return name;
        }
    }

    private static async Task<StreamState> CopyAsync(IJournal journal, WriterId writer, Faculty faculty, PersistenceId from, PersistenceId to, long index, ImmutableArray<string> tags, CancellationToken cancellationToken)
    {
        var current = new StreamState(faculty.Initial, 0, 0, Link.Before(faculty.Name));
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        await foreach (var row in journal.ReadAsync(from, 1, long.MaxValue, cancellationToken))
        {
            var next = current.Next(faculty, row, MindEvents.Catalogue, out _);
            if (next.Index > index)
                break;
            current = next;
            entries.Add(new JournalEntry(row.SequenceNumber, row.Manifest, row.Message));
        }

        if (entries.Count > 0)
            await journal.AppendAsync(to, writer, entries.DrainToImmutable(), tags, cancellationToken);
        return current;
    }
}
