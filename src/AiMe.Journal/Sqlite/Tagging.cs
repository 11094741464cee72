using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace AiMe.Journal.Sqlite;

/// <summary>The tags of events, written with them or, where many appends share a transaction, a moment later in bulk.</summary>
/// <remarks>
/// Two tags cost an event eight insertions, three of them at random places: more than twice what its row costs. In bulk they come in the order of
/// the streams, so that a page of an index is changed once for many events. What waits is durable beside the events and counts for our own readers
/// (<see cref="Rows.OrderingsOf"/>). It is written all at once, so the table <c>tags</c> always holds a prefix of the journal's order: whoever follows
/// a tag there, as Akka does, misses nothing.
/// </remarks>
internal sealed class Tagging(Session session)
{
    /// <summary>Appends in one transaction from which on tags wait.</summary>
    public const int Busy = 16;

    // Events whose tags wait at most: it takes a tenth of a second to write them, and by then every page serves many.
    private const int Most = 8_192;

    private const string
        Tag = "INSERT OR IGNORE INTO tags(ordering_id, tag, sequence_nr, persistence_id) VALUES (?1, ?2, ?3, ?4)",
        Keep = "INSERT INTO aime_untagged(first, last, tags) VALUES (?1, ?2, ?3)",
        Settling =
            """
            INSERT OR IGNORE INTO tags(ordering_id, tag, sequence_nr, persistence_id)
            SELECT j.ordering, t.value, j.sequence_number, j.persistence_id
            FROM aime_untagged u CROSS JOIN journal j ON j.ordering BETWEEN u.first AND u.last CROSS JOIN json_each(u.tags) t
            ORDER BY +j.persistence_id, +j.sequence_number
            """;

    private readonly ArrayBufferWriter<byte> _text = new();
    private long _waiting = Count(session), _next; // as of the last commit, and once this transaction is committed
    private bool _later;

    /// <summary>Whether tags wait.</summary>
    public bool IsWaiting => _waiting > 0;

    /// <summary>A transaction begins.</summary>
    /// <param name="appends">That share it, about.</param>
    /// <param name="isChanged">Whether another process has written since the last one.</param>
    public void Begin(int appends, bool isChanged)
    {
        if (isChanged)
            _waiting = Count(session);
        (_later, _next) = (appends >= Busy, _waiting);
        if (!_later)
            Settle();
    }

    /// <summary>The transaction is about to be committed: where too many would wait they are written in it, so that its callers are told if that fails.</summary>
    public void End()
    {
        if (_next >= Most)
            Settle();
    }

    /// <summary>The transaction was committed. One that was undone leaves the count as it was.</summary>
    public void Committed() => _waiting = _next;

    /// <summary>Tags events that have just been written, one behind the other.</summary>
    public void Add(long firstOrdering, long firstSequenceNumber, int count, Utf8 stream, ImmutableArray<string> tags)
    {
        if (tags.IsEmpty)
            return;
        if (_later)
            Leave(firstOrdering, count, tags);
        else
            Write(firstOrdering, firstSequenceNumber, count, stream, tags);
    }

    private void Settle()
    {
        if (_next == 0)
            return;
        session.Execute(Settling);
        session.Execute("DELETE FROM aime_untagged");
        _next = 0;
    }

    private static long Count(Session session) => session.Number("SELECT coalesce(sum(last - first + 1), 0) FROM aime_untagged");

    private void Leave(long first, int count, ImmutableArray<string> tags)
    {
        var keep = session.Statement(Keep);
        keep.Bind(1, first);
        keep.Bind(2, first + count - 1);
        keep.BindText(3, Json(tags));
        keep.Run();
        _next += count;
    }

    private void Write(long ordering, long sequenceNumber, int count, Utf8 stream, ImmutableArray<string> tags)
    {
        var write = session.Statement(Tag);
        write.Bind(4, stream);
        for (var i = 0; i < count; i++)
        {
            write.Bind(1, ordering + i);
            write.Bind(3, sequenceNumber + i);
            foreach (var tag in tags)
            {
                write.Bind(2, Utf8.Of(tag));
                write.Run();
            }
        }
    }

    // ["run","run/instance"]
    private ReadOnlySpan<byte> Json(ImmutableArray<string> tags)
    {
        _text.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_text))
        {
            json.WriteStartArray();
            foreach (var tag in tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
        }

        return _text.WrittenSpan;
    }
}
