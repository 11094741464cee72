using AiMe.EventSourcing;
using Npgsql;
using NpgsqlTypes;

namespace AiMe.Journal.Postgres;

/// <summary>The statement that inserts events, with one array per column, in one command and one round trip.</summary>
/// <remarks>
/// The table assigns the orderings, in the order of the arrays. The statement locks the table before it takes the first
/// ordering, so that a search for unfinished writers finds it (see <see cref="PostgresSingleRows"/>). Binary COPY was
/// measured as an alternative: it costs the server the same and the client more.
/// </remarks>
internal static class PostgresAppend
{
    private const string Text = """
        INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT c, false, p, s, m, f, $2, w FROM unnest($1, $3, $4, $5, $6, $7) AS r(c, p, s, m, f, w)
        """;

    /// <param name="now">UTC ticks for entries without a time.</param>
    public static NpgsqlBatchCommand Command(List<AppendJob> appends, long now)
    {
        var count = 0;
        foreach (var append in appends)
            count += append.Entries.Length;
        var (created, streams, numbers, messages, manifests, writers) = (
            new long[count],
            new string[count],
            new long[count],
            new ReadOnlyMemory<byte>[count],
            new string[count],
            new string[count]
        );
        var i = 0;
        foreach (var append in appends)
        {
            foreach (var entry in append.Entries)
            {
                (created[i], streams[i], numbers[i], messages[i], manifests[i], writers[i]) = (
                    entry.CreatedTicks ?? now,
                    append.Stream.Value,
                    entry.SequenceNumber,
                    entry.Message,
                    entry.Manifest,
                    append.Writer.Value
                );
                i++;
            }
        }

        return new NpgsqlBatchCommand(Text)
        {
            Parameters =
            {
                new NpgsqlParameter<long[]> { TypedValue = created },
                new NpgsqlParameter<int> { TypedValue = PostgresJournal.SerializerId },
                new NpgsqlParameter<string[]> { TypedValue = streams },
                new NpgsqlParameter<long[]> { TypedValue = numbers },
                new NpgsqlParameter<ReadOnlyMemory<byte>[]>
                {
                    TypedValue = messages,
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                },
                new NpgsqlParameter<string[]> { TypedValue = manifests },
                new NpgsqlParameter<string[]> { TypedValue = writers },
            },
        };
    }
}
