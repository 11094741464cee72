using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// A fork that is complete before any row of it is written. The same request always gives the same rows.
/// </summary>
/// <param name="Streams">
/// Streams by faculty, the Self first: the parent's rows with their links, then the fork's own.
/// </param>
/// <param name="Join">The command to the supervisor once the streams are durable.</param>
public sealed record ForkCopy(
    ForkRequest Wish,
    ImmutableArray<(FacultyDefinition Faculty, ImmutableArray<JournalEntry> Entries)> Streams,
    JoinFork Join
)
{
    /// <summary>Builds a fork from its parent's rows. Writes nothing and calls no model.</summary>
    /// <param name="run">The supervisor's state.</param>
    /// <param name="known">Cache of decoded rows; null to decode each row.</param>
    public sealed class ForkBuilder(SupervisorState run, ForkRequest request, RowCache? known = null)
    {
        private readonly ImmutableArray<StreamCopy> _copies = [.. Loop.Faculties.Select(f => new StreamCopy(f, known))];
        private Event? _next;

        /// <summary>
        /// Adds the next row of a stream of the parent; false for a row beyond the last shared event, which ends the
        /// stream.
        /// </summary>
        /// <param name="stream">0-based index of the faculty.</param>
        /// <exception cref="CorruptJournalException">
        /// The row cannot be read, rows before it are missing, or it does not continue its chain.
        /// </exception>
        public bool Take(int stream, JournalRow row)
        {
            if (_copies[stream].Take(row, request.Index, out var beyond))
                return true;
            _next = beyond ?? _next;
            return false;
        }

        /// <summary>The fork, once each stream of the parent has ended.</summary>
        public ForkCopy Finish()
        {
            var index = request.Index;
            var self = _copies[0];
            var given = (_next as ExperienceGiven)?.Given;
            self.Add(
                new BecomeFork(request.Name, request.Parent, request.Index, HeadsOf(_copies), request.Rests, request.Changed, given),
                ref index
            );
            foreach (var (faculty, command) in Loop.Changes(((SelfState)self.Current.State).Spec!))
                _copies.First(c => c.Faculty.Name == faculty).Add(command, ref index);

            ImmutableArray<Event> past = [.. _copies.SelectMany(c => c.Past).OrderBy(e => e.Index).Select(e => e.Happened)];
            var point = past.Aggregate(InstancePosition.Start, (p, e) => p.Next(e));
            var standing = ForkStatus.Of(
                request.Name,
                request.Rests,
                run.Plan!,
                run.Orders[run.Instances[request.Parent].Replicate - 1],
                past
            );
            return new ForkCopy(
                request,
                [.. _copies.Where(c => c.Entries.Count > 0).Select(c => (c.Faculty, c.Entries.ToImmutable()))],
                new JoinFork(request.Name, request.Parent, request.Index, point.Cycle, point.Generation, HeadsOf(_copies), standing)
            );
        }

        private static Heads HeadsOf(ImmutableArray<StreamCopy> copies) => new([.. copies.Select(c => c.Current.Head)]);
    }

    // One stream of the fork that is being built.
    private sealed class StreamCopy(FacultyDefinition faculty, RowCache? known)
    {
        public FacultyDefinition Faculty => faculty;

        public StreamState Current { get; private set; } = StreamState.Before(faculty);

        public ImmutableArray<JournalEntry>.Builder Entries { get; } = ImmutableArray.CreateBuilder<JournalEntry>();

        public List<(long Index, Event Happened)> Past { get; } = [];

        // False for the first row beyond the index; it is returned if it directly follows the index.
        public bool Take(JournalRow row, long index, out Event? beyond)
        {
            var next = Current.Next(faculty, row, FacultyEvents.Codec, known, out var happened);
            beyond = next.Index == index + 1 ? happened : null;
            if (next.Index > index)
                return false;
            Current = next;
            Past.Add((next.Index, happened));
            Entries.Add(new JournalEntry(row.SequenceNumber, row.Manifest, row.Message));
            return true;
        }

        // Adds the events of a command, each with the next index of the instance.
        public void Add(Command command, ref long index)
        {
            var decision = faculty.Decide(Current.State, command);
            if (decision.Refusal is { } refusal)
                throw new InvalidOperationException(refusal.Why);
            foreach (var happened in decision.Events)
            {
                var (manifest, data, number) = (
                    FacultyEvents.Codec.ManifestOf(happened),
                    FacultyEvents.Codec.Write(happened),
                    Current.SequenceNumber + 1
                );
                var head = Current.Head.Next(number, ++index, manifest, data);
                Entries.Add(new JournalEntry(number, manifest, new EventEnvelope(index, data, head).Write()));
                Past.Add((index, happened));
                Current = new StreamState(faculty.Evolve(Current.State, happened), number, index, head);
            }
        }
    }
}
