using System.Collections.Immutable;
using System.Data.Common;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>The tables of a store: their columns, and their rows as any database's driver reads them.</summary>
internal static class TableRows
{
    /// <summary>The columns that <see cref="Owner"/> reads, in its order.</summary>
    public const string OwnerColumns = "name, epoch, heartbeat, host, process_id, process_started, writer";

    /// <summary>The tables that every database has.</summary>
    public static readonly ImmutableArray<(string Table, string[] Columns)> Tables =
    [
        (
            "journal",
            ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"]
        ),
        ("tags", ["ordering_id", "tag", "sequence_nr", "persistence_id"]),
        ("snapshot", ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"]),
        ("aime_owner", OwnerColumns.Split(", ")),
        ("aime_inbox", ["id", "arrival", "run", "instance", "input", "arrived"]),
    ];

    /// <summary>Ordering, stream, sequence number, manifest, message, time of creation, writer.</summary>
    public static JournalRow Event(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            new PersistenceId(reader.GetString(1)),
            reader.GetInt64(2),
            Text(reader, 3),
            reader.GetFieldValue<byte[]>(4),
            reader.GetInt64(5),
            new WriterId(Text(reader, 6))
        );

    /// <summary>A pattern of LIKE that finds a text anywhere; its escape is <c>!</c>.</summary>
    public static string Anywhere(string text)
    {
        foreach (var special in (string[])["!", "%", "_"])
            text = text.Replace(special, $"!{special}", StringComparison.Ordinal);
        return $"%{text}%";
    }

    /// <summary>Ordering, stream, manifest, time of creation.</summary>
    public static Written Written(DbDataReader reader) =>
        new(reader.GetInt64(0), new PersistenceId(reader.GetString(1)), reader.GetString(2), reader.GetInt64(3));

    /// <summary>Sequence number, manifest, state, time of creation.</summary>
    public static Snapshot Snapshot(PersistenceId stream, DbDataReader reader) =>
        new(stream, reader.GetInt64(0), Text(reader, 1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3));

    /// <summary>Arrival, instance, input, time of arrival.</summary>
    public static InboxMessage Message(DbDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), new DateTime(reader.GetInt64(3), DateTimeKind.Utc));

    /// <summary><see cref="OwnerColumns"/>.</summary>
    public static OwnerRow Owner(DbDataReader reader)
    {
        var info = new OwnerInfo(reader.GetString(3), reader.GetInt32(4), reader.GetString(5), new WriterId(Text(reader, 6)));
        return new(
            new Owner(reader.GetString(0), reader.GetInt64(1), info, new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero)),
            Released: reader.IsDBNull(6)
        );
    }

    private static string Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);
}
