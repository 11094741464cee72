using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// The schema. The first three tables are those that Akka.Persistence.Sql 1.5 creates on PostgreSQL by default; AiMe's
/// own begin with aime_.
/// </summary>
/// <remarks>
/// Events have no tags, but Akka expects the table. Tags that an earlier release wrote are not touched.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>The version in <c>aime_schema</c>; a higher one belongs to a later release.</summary>
    public const int Version = 1;

    private const long CreationLock = 0x61696d65; // "aime" in ASCII: the advisory lock for creating the tables

    private static readonly ImmutableArray<string> Tables =
    [
        """
            CREATE TABLE IF NOT EXISTS journal(
              ordering bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
              created bigint NOT NULL,
              deleted boolean NOT NULL,
              persistence_id text NOT NULL,
              sequence_number bigint NOT NULL,
              message bytea NOT NULL,
              manifest text NULL,
              identifier integer NULL,
              writer_uuid text NULL,
              CONSTRAINT "PK_journal" PRIMARY KEY (ordering))
            """,
        """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'journal_uq' AND conrelid = 'journal'::regclass) THEN
                ALTER TABLE journal ADD CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number);
              END IF;
            END $$
            """,
        "CREATE INDEX IF NOT EXISTS journal_created_idx ON journal(created)",
        "CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal(sequence_number)",
        """
            CREATE TABLE IF NOT EXISTS tags(
              ordering_id bigint NOT NULL,
              tag text NOT NULL,
              sequence_nr bigint NOT NULL,
              persistence_id text NOT NULL,
              CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag))
            """,
        "CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags(persistence_id, sequence_nr)",
        "CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags(tag)",
        """
            CREATE TABLE IF NOT EXISTS snapshot(
              persistence_id text NOT NULL,
              sequence_number bigint NOT NULL,
              created bigint NOT NULL,
              snapshot bytea NULL,
              manifest text NULL,
              serializer_id integer NULL,
              CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number))
            """,
        "CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot(sequence_number)",
        "CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot(created)",
        """
            CREATE TABLE IF NOT EXISTS aime_owner(
              name text PRIMARY KEY NOT NULL,
              epoch bigint NOT NULL,
              heartbeat bigint NOT NULL,
              host text NOT NULL,
              process_id integer NOT NULL,
              process_started text NOT NULL,
              writer text NULL)
            """,
        """
            CREATE TABLE IF NOT EXISTS aime_inbox(
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              arrival text NOT NULL UNIQUE,
              run text NOT NULL,
              instance text NOT NULL,
              input bytea NOT NULL,
              arrived bigint NOT NULL)
            """,
        "CREATE INDEX IF NOT EXISTS aime_inbox_run_idx ON aime_inbox(run, id)",
        "CREATE TABLE IF NOT EXISTS aime_schema(version integer NOT NULL, views text NOT NULL)",
    ];

    private static readonly ImmutableArray<(string Table, string[] Columns)> Expected =
    [
        .. TableRows.Tables,
        ("aime_schema", ["version", "views"]),
    ];

    /// <summary>
    /// Creates the missing parts of a journal. Refuses a database with another schema before it changes anything.
    /// </summary>
    /// <remarks>If nothing is missing, nothing is created, so that a user without that privilege can write.</remarks>
    public static void Create(NpgsqlConnection connection, string place, ImmutableArray<string> views)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', views))));
        if (Scalar(connection, "SHOW server_encoding") is var encoding and not "UTF8")
            throw new JournalException(
                $"The database {place} has the encoding {encoding}, expected UTF8: create one with `createdb "
                    + "--encoding UTF8 --template template0`."
            );
        if (Scalar(connection, "SHOW transaction_read_only") == "on")
            throw new JournalException(PostgresFaults.ReadOnly(place));
        if (
            Check(connection, place, mustExist: false)
            && Scalar(connection, "SELECT version || ' ' || views FROM aime_schema") == $"{Version} {digest}"
        )
            return;

        using var transaction = connection.BeginTransaction();
        Execute(connection, $"SELECT pg_advisory_xact_lock({CreationLock})");
        Check(connection, place, mustExist: false); // again under the lock: another process may have created tables meanwhile
        foreach (var statement in Tables.Concat(views))
            Execute(connection, statement);
        Execute(connection, $"DELETE FROM aime_schema; INSERT INTO aime_schema VALUES ({Version}, '{digest}')");
        transaction.Commit();
    }

    /// <returns>Whether all tables exist.</returns>
    /// <exception cref="JournalException">
    /// The schema is of a later release or another one, or (if it must exist) missing.
    /// </exception>
    public static bool Check(NpgsqlConnection connection, string place, bool mustExist)
    {
        var found = Columns(connection);
        if (mustExist && !found.ContainsKey("journal"))
            throw new JournalException(
                $"There is no journal at {place}: name the store of an existing run (the search path there is "
                    + $"{Scalar(connection, "SHOW search_path")})."
            );
        foreach (var (table, columns) in Expected)
        {
            if (
                found.TryGetValue(table, out var present)
                && columns.Except(present, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing
            )
                throw new JournalException(
                    $"The journal at {place} has another schema: table {table} lacks {string.Join(", ", missing)} (it has "
                        + $"{string.Join(", ", present)}); expected the default tables of Akka.Persistence.Sql 1.5. Choose "
                        + "another database, or another schema with Search Path=... in --store."
                );
        }

        if (
            found.ContainsKey("aime_schema")
            && Scalar(connection, "SELECT max(version)::text FROM aime_schema") is { } version
            && int.Parse(version) > Version
        )
            throw new JournalException(
                $"The journal at {place} was written by a later release (schema {version}; this build knows {Version}): "
                    + "install that release, or choose another --store."
            );
        return Expected.All(e => found.ContainsKey(e.Table));
    }

    public static bool HasJournal(NpgsqlConnection connection) => Columns(connection).ContainsKey("journal");

    private static Dictionary<string, List<string>> Columns(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT c.relname::text, a.attname::text
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relname = ANY($1) AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) ORDER BY 1, a.attnum
            """,
            connection
        )
        {
            Parameters = { new() { Value = Expected.Select(e => e.Table).ToArray() } },
        };
        using var reader = command.ExecuteReader();
        var tables = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        while (reader.Read())
        {
            if (!tables.TryGetValue(reader.GetString(0), out var columns))
                tables.Add(reader.GetString(0), columns = []);
            columns.Add(reader.GetString(1));
        }

        return tables;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar() as string;
    }
}
