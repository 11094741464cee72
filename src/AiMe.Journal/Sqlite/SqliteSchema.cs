using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// The schema. The first three tables are exactly the default tables of Akka.Persistence.Sql 1.5; AiMe's own begin with
/// aime_.
/// </summary>
/// <remarks>
/// Events have no tags, but Akka expects the table. A file of an earlier release may have tags, and a table
/// <c>aime_untagged</c> with pending ones; both are not touched.
/// </remarks>
internal static class SqliteSchema
{
    /// <summary>
    /// The file's <c>user_version</c>. Akka leaves it at 0; a higher number belongs to a later release.
    /// </summary>
    public const int Version = 2;

    private static readonly ImmutableArray<string> Tables =
    [
        """
            CREATE TABLE IF NOT EXISTS journal(
              ordering INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
              created BigInt NOT NULL,
              deleted Bit NOT NULL,
              persistence_id NVarChar(255) NOT NULL,
              sequence_number BigInt NOT NULL,
              message VarBinary NOT NULL,
              manifest NVarChar(500) NULL,
              identifier INTEGER NULL,
              writer_uuid NVarChar(128) NULL)
            """,
        "CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal(persistence_id, sequence_number)",
        "CREATE INDEX IF NOT EXISTS journal_created_idx ON journal(created)",
        "CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal(sequence_number)",
        """
            CREATE TABLE IF NOT EXISTS tags(
              ordering_id INTEGER NOT NULL,
              tag NVarChar(64) NOT NULL,
              sequence_nr INTEGER NOT NULL,
              persistence_id NVarChar(255) NOT NULL,
              CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag))
            """,
        "CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags(persistence_id, sequence_nr)",
        "CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags(tag)",
        """
            CREATE TABLE IF NOT EXISTS snapshot(
              persistence_id NVarChar(255) NOT NULL,
              sequence_number BigInt NOT NULL,
              created BigInt NOT NULL,
              snapshot VarBinary NULL,
              manifest NVarChar(500) NULL,
              serializer_id INTEGER NULL,
              CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number))
            """,
        "CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot(sequence_number)",
        "CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot(created)",
        """
            CREATE TABLE IF NOT EXISTS aime_owner(
              name TEXT PRIMARY KEY NOT NULL,
              epoch INTEGER NOT NULL,
              heartbeat INTEGER NOT NULL,
              host TEXT NOT NULL,
              process_id INTEGER NOT NULL,
              process_started TEXT NOT NULL,
              writer TEXT NULL)
            """,
        """
            CREATE TABLE IF NOT EXISTS aime_inbox(
              id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
              arrival TEXT NOT NULL UNIQUE,
              run TEXT NOT NULL,
              instance TEXT NOT NULL,
              input BLOB NOT NULL,
              arrived INTEGER NOT NULL)
            """,
        "CREATE INDEX IF NOT EXISTS aime_inbox_run_idx ON aime_inbox(run, id)",
    ];

    /// <summary>
    /// Creates the missing parts of a journal. Refuses a file with another schema before it changes a byte.
    /// </summary>
    public static void Create(SqliteSession session, string path, SqliteSettings settings)
    {
        Check(session, path, mustExist: false);
        if (!Names(session, "PRAGMA journal_mode=WAL").Contains("wal"))
            throw new JournalException(
                $"The journal {path} cannot use write-ahead logging (WAL): put the store on a local disk; network file systems do "
                    + "not support it."
            );
        session.Execute(settings.Synchronous == Synchronous.Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        // 64 MB: a page that many transactions change is moved once, and its two syncs are paid once.
        session.Execute("PRAGMA wal_autocheckpoint=16000");
        // At most 64 MB: the ends of thousands of streams lie on as many pages, and pages that do not fit are read
        // again.
        session.Execute("PRAGMA cache_size=-65536");
        session.Execute("BEGIN IMMEDIATE");
        Check(session, path, mustExist: false); // again under the lock: another process may have created tables meanwhile
        foreach (var statement in Tables.Concat(settings.Views))
            session.Execute(statement);
        session.Execute($"PRAGMA user_version={Version}");
        session.Execute("COMMIT");
    }

    /// <exception cref="JournalException">
    /// The file belongs to a later release or another program, or (if a journal must exist) has none.
    /// </exception>
    public static void Check(SqliteSession session, string path, bool mustExist)
    {
        var version = session.Number("PRAGMA user_version");
        if (version > Version)
            throw new JournalException(
                $"The journal {path} was written by a later release (schema {version}; this build knows {Version}): "
                    + "install that release, or choose another --store."
            );

        var tables = Names(session, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'");
        if (tables.Count > 0 ? !tables.Contains("journal") : mustExist)
            throw new JournalException(
                $"{path} has no "
                    + $"journal{(tables.Count > 0 ? $" but another program's tables ({string.Join(", ", tables)})" : "")}: "
                    + "choose another --store."
            );

        foreach (var (table, columns) in TableRows.Tables.Where(e => tables.Contains(e.Table)))
        {
            var found = Names(session, $"SELECT name FROM pragma_table_info('{table}')");
            var missing = columns.Except(found, StringComparer.OrdinalIgnoreCase).ToArray();
            if (missing.Length > 0)
                throw new JournalException(
                    $"The journal {path} has another schema: table {table} lacks {string.Join(", ", missing)} (it has "
                        + $"{string.Join(", ", found)}); expected the default tables of Akka.Persistence.Sql 1.5. Choose "
                        + "another --store."
                );
        }
    }

    private static SortedSet<string> Names(SqliteSession session, string query)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        using var reader = session.Query(query);
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }
}
