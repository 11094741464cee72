using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AiMe.EventSourcing;

/// <summary>A faculty's state, folded from its stream.</summary>
/// <param name="SequenceNumber">Sequence number of the last event; 0 for none.</param>
/// <param name="Index">Index of the last event in the instance; 0 for none.</param>
/// <param name="Head">The last link.</param>
public sealed record StreamState(object State, long SequenceNumber, long Index, Link Head)
{
    private const int HeadAtMost = 128; // a number, a link, a digest and what separates them: 119 bytes

    /// <summary>The state before any event.</summary>
    public static StreamState Before(FacultyDefinition faculty) => new(faculty.Initial, 0, 0, faculty.Before);

    /// <summary>The state after one more row.</summary>
    /// <param name="happened">The row's event.</param>
    /// <exception cref="CorruptJournalException">The row cannot be read or does not continue the chain.</exception>
    public StreamState Next(FacultyDefinition faculty, JournalRow row, EventCodec catalogue, out Event happened) =>
        Next(faculty, row, catalogue, known: null, out happened);

    /// <inheritdoc cref="Next(FacultyDefinition, JournalRow, EventCodec, out Event)" />
    /// <param name="known">Cache of decoded rows; null to decode the row.</param>
    public StreamState Next(FacultyDefinition faculty, JournalRow row, EventCodec catalogue, RowCache? known, out Event happened)
    {
        try
        {
            if (row.SequenceNumber != SequenceNumber + 1)
                throw new CorruptEventException($"sequence number {row.SequenceNumber} follows {SequenceNumber}: rows are missing");
            var read = known is null ? DecodedRow.Of(row, Head, catalogue) : known.Of(row, Head, catalogue);
            happened = read.Happened;
            return new StreamState(faculty.Evolve(State, happened), row.SequenceNumber, read.Index, read.Link);
        }
        catch (CorruptEventException e)
        {
            throw new CorruptJournalException(
                $"journal row {row.Ordering} ({row.PersistenceId}, sequence number {row.SequenceNumber}): {e.Message}",
                e
            );
        }
    }

    /// <summary>The bytes of a snapshot: a head line with index, link and digest, then the state's JSON.</summary>
    public byte[] ToSnapshot(FacultyDefinition faculty)
    {
        var state = JsonSerializer.SerializeToUtf8Bytes(State, faculty.StateJson);
        Span<byte> head = stackalloc byte[HeadAtMost];
        Utf8.TryWrite(head, CultureInfo.InvariantCulture, $"{Index} {Head} ", out var written);
        Digest(state, SequenceNumber, Index, Head.ToString(), head[written..]);
        written += 2 * SHA256.HashSizeInBytes;
        head[written++] = (byte)'\n';
        var snapshot = new byte[written + state.Length];
        head[..written].CopyTo(snapshot);
        state.CopyTo(snapshot, written);
        return snapshot;
    }

    /// <summary>Reads a snapshot; null if it is damaged or of another format.</summary>
    public static StreamState? Of(Snapshot snapshot, FacultyDefinition faculty)
    {
        var end = snapshot.State.Span.IndexOf((byte)'\n');
        if (end < 0)
            return null;
        var head = Encoding.ASCII.GetString(snapshot.State.Span[..end]).Split(' ');
        var state = snapshot.State[(end + 1)..];
        try
        {
            if (
                head.Length != 3
                || !long.TryParse(head[0], out var index)
                || Link.Parse(head[1]) is var link && DigestOf(state.Span, snapshot.SequenceNumber, index, head[1]) != head[2]
            )
                return null;
            return new StreamState(JsonSerializer.Deserialize(state.Span, faculty.StateJson)!, snapshot.SequenceNumber, index, link);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null; // a damaged head, or a state in a format that this build does not know
        }
    }

    /// <summary>
    /// The digest in a snapshot's head: SHA-256 over <c>sequence number, index, link</c> on one line and the state's
    /// bytes, as 64 hexadecimal digits.
    /// </summary>
    public static string DigestOf(ReadOnlySpan<byte> state, long sequenceNumber, long index, string link)
    {
        Span<byte> digits = stackalloc byte[2 * SHA256.HashSizeInBytes];
        Digest(state, sequenceNumber, index, link, digits);
        return Encoding.ASCII.GetString(digits);
    }

    // In one piece: hashing piece by piece is slower than copying the pieces together.
    private static void Digest(ReadOnlySpan<byte> state, long sequenceNumber, long index, string link, Span<byte> digits)
    {
        var whole = ArrayPool<byte>.Shared.Rent(HeadAtMost + link.Length + state.Length);
        Utf8.TryWrite(whole, CultureInfo.InvariantCulture, $"{sequenceNumber} {index} {link}\n", out var head);
        state.CopyTo(whole.AsSpan(head));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(whole.AsSpan(0, head + state.Length), digest);
        ArrayPool<byte>.Shared.Return(whole);
        Convert.TryToHexStringLower(digest, digits, out _);
    }
}

/// <summary>A journal row cannot be read. The message names its ordering, persistence id and sequence number.</summary>
public sealed class CorruptJournalException(string message, Exception? inner = null) : Exception(message, inner);
