using System.Collections.Immutable;
using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>A fork worked out whole before a row of it is written: the same wish gives the same rows, whoever works it out and when.</summary>
/// <param name="Streams">By faculty, the Self first: the parent's rows with their links, then the fork's own.</param>
/// <param name="Join">What the supervisor is told once the streams are durable.</param>
internal sealed record ForkCopy(ForkWish Wish, ImmutableArray<(Faculty Faculty, ImmutableArray<JournalEntry> Entries)> Streams, JoinFork Join)
{
    /// <summary>Works a fork out from its parent's streams. Nothing is written, and no model is called.</summary>
    /// <exception cref="CorruptJournalException">A row of the parent cannot be read, is missing, or does not continue its chain.</exception>
    public static async Task<ForkCopy> OfAsync(IJournal journal, SupervisorState run, ForkWish wish, CancellationToken cancellationToken)
    {
        var copies = ImmutableDictionary.CreateBuilder<string, Copy>(StringComparer.Ordinal);
        Event? next = null;
        foreach (var faculty in Loop.Faculties)
        {
            var copy = new Copy(faculty);
            await foreach (var row in journal.ReadAsync(PersistenceId.Of(run.Plan!.Run, new Address(wish.Parent, faculty.Name)), 1, long.MaxValue, cancellationToken))
            {
                if (!copy.Take(row, wish.Index, out var beyond))
                {
                    next = beyond ?? next;
                    break;
                }
            }

            copies.Add(faculty.Name, copy);
        }

        return Of(run, wish, [.. Loop.Faculties.Select(f => copies[f.Name])], (next as ExperienceGiven)?.Given);
    }

    private static ForkCopy Of(SupervisorState run, ForkWish wish, ImmutableArray<Copy> copies, Given? given)
    {
        var index = wish.Index;
        var self = copies[0];
        self.Add(new BecomeFork(wish.Name, wish.Parent, wish.Index, HeadsOf(copies), wish.Rests, wish.Changed, given), ref index);
        foreach (var (faculty, command) in Loop.Changes(((SelfState)self.Current.State).Spec!))
            copies.First(c => c.Faculty.Name == faculty).Add(command, ref index);

        ImmutableArray<Event> past = [.. copies.SelectMany(c => c.Past).OrderBy(e => e.Index).Select(e => e.Happened)];
        var point = past.Aggregate(LifePoint.Start, (p, e) => p.Next(e));
        var standing = ForkStanding.Of(wish.Name, wish.Rests, run.Plan!, run.Orders[run.Lives[wish.Parent].Replicate - 1], past);
        return new ForkCopy(
            wish,
            [.. copies.Where(c => c.Entries.Count > 0).Select(c => (c.Faculty, c.Entries.ToImmutable()))],
            new JoinFork(wish.Name, wish.Parent, wish.Index, point.Cycle, point.Generation, HeadsOf(copies), standing));
    }

    private static Heads HeadsOf(ImmutableArray<Copy> copies) => new([.. copies.Select(c => c.Current.Head)]);

    // One stream of the fork while it is worked out.
    private sealed class Copy(Faculty faculty)
    {
        public Faculty Faculty => faculty;

        public StreamState Current { get; private set; } = new(faculty.Initial, 0, 0, Link.Before(faculty.Name));

        public ImmutableArray<JournalEntry>.Builder Entries { get; } = ImmutableArray.CreateBuilder<JournalEntry>();

        public List<(long Index, Event Happened)> Past { get; } = [];

        /// <summary>False for the first row beyond the index; it is handed out where it follows at once.</summary>
        public bool Take(JournalRow row, long index, out Event? beyond)
        {
            var next = Current.Next(faculty, row, MindEvents.Catalogue, out var happened);
            beyond = next.Index == index + 1 ? happened : null;
            if (next.Index > index)
                return false;
            Current = next;
            Past.Add((next.Index, happened));
            Entries.Add(new JournalEntry(row.SequenceNumber, row.Manifest, row.Message));
            return true;
        }

        /// <summary>Adds what a command comes to, each event with the next index of the life.</summary>
        public void Add(Command command, ref long index)
        {
            var decision = faculty.Decide(Current.State, command);
            if (decision.Refusal is { } refusal)
                throw new InvalidOperationException(refusal.Why);
            foreach (var happened in decision.Events)
            {
                var (manifest, data, number) = (MindEvents.Catalogue.ManifestOf(happened), MindEvents.Catalogue.Write(happened), Current.SequenceNumber + 1);
                var head = Current.Head.Next(number, ++index, manifest, data);
                Entries.Add(new JournalEntry(number, manifest, new Envelope(index, data, head).Write()));
                Past.Add((index, happened));
                Current = new StreamState(faculty.Evolve(Current.State, happened), number, index, head);
            }
        }
    }
}
