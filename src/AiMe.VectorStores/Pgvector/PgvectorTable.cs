using Npgsql;

namespace AiMe.VectorStores.Pgvector;

/// <summary>The table, in SQL. Its name is the only part that is put into a text.</summary>
internal static class PgvectorTable
{
    private const string Columns =
        "key, run, instance, memory, variant, kind, text, cycle, round, topic, verdict, importance, at, recallable, digest, vector";

    /// <summary>One process at a time makes it.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(hashtext('aime.memories'))";

    /// <summary>A role without the right to make it may use it, once another one has.</summary>
    public const string Extension = "CREATE EXTENSION IF NOT EXISTS vector";

    /// <summary>The components of the vectors; no row if there is no table.</summary>
    public const string DimensionsOf =
        "SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'vector' AND NOT attisdropped";

    /// <summary>Whether the approximate index of a table is there.</summary>
    public const string HasIndex = "SELECT to_regclass($1 || '_hnsw') IS NOT NULL";

    public static string Create(string table, int dimensions) =>
        $"""
            CREATE TABLE IF NOT EXISTS {table} (
                key uuid PRIMARY KEY,
                run text NOT NULL,
                instance text NOT NULL,
                memory text NOT NULL,
                variant text NOT NULL,
                kind text NOT NULL,
                text text NOT NULL,
                cycle integer NOT NULL,
                round integer NOT NULL,
                topic text NOT NULL,
                verdict text NOT NULL,
                importance double precision NOT NULL,
                at timestamptz NOT NULL,
                recallable boolean NOT NULL,
                digest text NOT NULL,
                vector vector({dimensions}) NOT NULL,
                UNIQUE (run, instance, memory)
            )
            """;

    public static string Index(string table) =>
        $"CREATE INDEX IF NOT EXISTS {table}_hnsw ON {table} USING hnsw (vector vector_cosine_ops) WHERE recallable";

    public static string Upsert(string table) =>
        $"""
            INSERT INTO {table} ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (key) DO UPDATE SET {string.Join(", ", Columns.Split(", ").Skip(1).Select(c => $"{c} = EXCLUDED.{c}"))}
            """;

    /// <summary>Every memory of the instance is compared: no index has the sum.</summary>
    public static string NearestExactly(string table) => $"{Nearest(table)} ORDER BY (vector <=> $3) + 0, key LIMIT $4";

    /// <summary>Those that the index offers.</summary>
    public static string NearestByIndex(string table) => $"{Nearest(table)} ORDER BY vector <=> $3 LIMIT $4";

    public static string List(string table) => $"SELECT memory, digest FROM {table} WHERE run = $1 AND instance = $2";

    public static string Delete(string table) => $"DELETE FROM {table} WHERE run = $1 AND instance = $2";

    public static string DeleteRun(string table) => $"DELETE FROM {table} WHERE run = $1";

    public static string Count(string table) => $"SELECT count(digest) FROM {table}";

    public static string CountRun(string table) => $"SELECT count(*) FROM {table} WHERE run = $1";

    /// <summary>Refuses every change until the transaction ends.</summary>
    public const string ReadOnly = "SET TRANSACTION READ ONLY";

    /// <summary>Whether a table of this name is there.</summary>
    public const string Exists = "SELECT to_regclass($1) IS NOT NULL";

    /// <summary>
    /// The server's version; that of the extension in the database, and that which the server offers, or null; whether the role may
    /// make the extension, and a table; whether it may change the table, null without one.
    /// </summary>
    public const string Facts = """
        SELECT split_part(current_setting('server_version'), ' ', 1),
            (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
            (SELECT default_version FROM pg_available_extensions WHERE name = 'vector'),
            has_database_privilege(current_database(), 'CREATE'),
            coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
            (SELECT bool_and(has_table_privilege(to_regclass($1), p)) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p)
        """;

    /// <summary>The values of a row, in the order of the columns.</summary>
    public static IEnumerable<NpgsqlParameter> ValuesOf(StoredMemory m)
    {
        object[] values =
        [
            m.Key,
            m.Owner.Run,
            m.Owner.Instance,
            m.Id.Value,
            m.Variant,
            m.Kind,
            m.Text.Replace('\0', '\uFFFD'), // PostgreSQL keeps no such character
            m.Cycle,
            m.Round,
            m.Topic.Replace('\0', '\uFFFD'),
            m.Verdict,
            m.Importance,
            DateTime.SpecifyKind(m.At, DateTimeKind.Utc),
            m.Recallable,
            m.Digest,
            new global::Pgvector.Vector(VectorFloats.Of(m.Vector)),
        ];
        return values.Select(v => new NpgsqlParameter { Value = v });
    }

    private static string Nearest(string table) => $"SELECT memory FROM {table} WHERE run = $1 AND instance = $2 AND recallable";
}
