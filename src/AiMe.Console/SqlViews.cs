using System.Collections.Immutable;

namespace AiMe.Console;

/// <summary>Tables for people who have only the <c>sqlite3</c> shell.</summary>
internal static class SqlViews
{
    /// <summary><c>aime_experiences</c>: every stored experience as JSON, and its columns.</summary>
    public static ImmutableArray<string> All { get; } =
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
}
