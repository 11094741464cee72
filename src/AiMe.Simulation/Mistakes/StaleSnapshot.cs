using System.Globalization;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Mistakes;

/// <summary>A snapshot has the state of the previous snapshot, but the stream's current position.</summary>
/// <remarks>Its digest is correct, so no check of its bytes finds the mistake.</remarks>
public sealed record StaleSnapshot() : Mistake("stale-snapshot", "a snapshot has an older state than its sequence number", "state")
{
    internal override SimulatedParts Plant(SimulatedParts parts) =>
        parts with
        {
            Snapshots = parts.Snapshots is { } snapshots ? new Stale(snapshots) : null,
        };

    private sealed class Stale(ISnapshots inner) : ISnapshots
    {
        private readonly Dictionary<PersistenceId, byte[]> _before = [];

        public Task SaveAsync(
            PersistenceId stream,
            long sequenceNumber,
            string manifest,
            ReadOnlyMemory<byte> state,
            CancellationToken cancellationToken
        )
        {
            var end = state.Span.IndexOf((byte)'\n');
            var now = state[(end + 1)..].ToArray();
            var held = _before.GetValueOrDefault(stream, now);
            _before[stream] = now;
            var place = Encoding.ASCII.GetString(state.Span[..end]).Split(' ');
            var digest = StreamState.DigestOf(held, sequenceNumber, long.Parse(place[0], CultureInfo.InvariantCulture), place[1]);
            return inner.SaveAsync(
                stream,
                sequenceNumber,
                manifest,
                (byte[])[.. Encoding.ASCII.GetBytes($"{place[0]} {place[1]} {digest}\n"), .. held],
                cancellationToken
            );
        }

        public Task<Snapshot?> LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken) =>
            inner.LoadAsync(stream, atMost, cancellationToken);

        public IAsyncEnumerable<Snapshot> AllAsync(PersistenceId stream, CancellationToken cancellationToken) =>
            inner.AllAsync(stream, cancellationToken);

        public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
            inner.DeleteAsync(stream, toSequenceNumber, cancellationToken);
    }
}
