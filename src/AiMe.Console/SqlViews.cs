using System.Collections.Immutable;

namespace AiMe.Console;

/// <summary>Tables for people who have only the <c>sqlite3</c> or <c>psql</c> shell.</summary>
internal static class SqlViews
{
    /// <summary>In SQLite. <c>aime_experiences</c>: every stored experience as JSON, and its columns.</summary>
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
            FROM (SELECT persistence_id, ordering, json_extract(CAST(message AS TEXT), '$.d') AS d FROM journal WHERE manifest = 'memory.stored@1' AND deleted = 0)
            ORDER BY ordering
            """,
    ];

    /// <summary>
    /// The same on PostgreSQL, where a message is bytes. <c>json</c> and not <c>jsonb</c>, which refuses a text with a zero
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
                   json_build_object('input', d -> 'input', 'output', d -> 'output', 'reflection', d -> 'reflection', 'timestamp', d -> 'timestamp') AS experience
            FROM (SELECT persistence_id, ordering, convert_from(message, 'UTF8')::json -> 'd' AS d FROM journal WHERE manifest = 'memory.stored@1' AND NOT deleted) AS stored
            ORDER BY ordering
            """,
    ];
}
