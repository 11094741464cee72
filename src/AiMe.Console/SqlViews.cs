using System.Collections.Immutable;

namespace AiMe.Console;

/// <summary>SQL views for the <c>sqlite3</c> and <c>psql</c> shells.</summary>
internal static class SqlViews
{
    /// <summary>Views in SQLite. <c>aime_experiences</c>: every stored experience as JSON, with some columns.</summary>
    public static ImmutableArray<string> Sqlite { get; } =
    [
        "DROP VIEW IF EXISTS aime_experiences",
        """
            CREATE VIEW aime_experiences AS
            SELECT substr(persistence_id, 1, length(persistence_id) - length('/memory')) AS instance,
                   json_extract(d, '$.cycle') AS cycle,
                   json_extract(d, '$.verdict') AS verdict,
                   json_object('input', json_extract(d, '$.input'), 'output', json_extract(d, '$.output'),
                               'reflection', json_extract(d, '$.reflection'), 'timestamp', json_extract(d, '$.timestamp')) AS experience
            FROM (
            SELECT persistence_id, ordering, json_extract(CAST(message AS TEXT), '$.d') AS d
            FROM journal WHERE manifest = 'memory.stored@1' AND deleted = 0)
            ORDER BY ordering
            """,
    ];

    /// <summary>
    /// Views in PostgreSQL, where a message is bytes. Uses <c>json</c>, because <c>jsonb</c> refuses text with a NUL
    /// character.
    /// </summary>
    public static ImmutableArray<string> Postgres { get; } =
    [
        "DROP VIEW IF EXISTS aime_experiences",
        """
            CREATE VIEW aime_experiences AS
            SELECT left(persistence_id, -length('/memory')) AS instance,
                   (d ->> 'cycle')::bigint AS cycle,
                   d ->> 'verdict' AS verdict,
                   json_build_object('input', d -> 'input', 'output', d -> 'output',
                   'reflection', d -> 'reflection', 'timestamp', d -> 'timestamp') AS experience
                   FROM (
                   SELECT persistence_id, ordering, convert_from(message, 'UTF8')::json -> 'd' AS d
                   FROM journal WHERE manifest = 'memory.stored@1' AND NOT deleted) AS stored
            ORDER BY ordering
            """,
    ];
}
