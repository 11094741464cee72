using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace AiMe.Journal.Postgres;

/// <summary>The statement that writes events with their tags: the rows as one array a column, in one command and one round trip.</summary>
/// <remarks>
/// It draws the numbers itself, in the order of the arrays, so that rows and tags need no join. Its lock on the table comes before the first
/// number: whoever looks for unfinished writers finds it (see <see cref="SingleRows"/>). The sequence is looked up once a statement, not once
/// a row: that alone was a fifth of the server's work. Binary COPY was measured beside it: it costs the server the same, the client three times
/// as much, and a round trip for the numbers before it.
/// </remarks>
internal static class Appending
{
    // By the number of tag columns. More than so many tags are rare enough to have their text made each time.
    private static readonly ImmutableArray<string> Texts = [.. Enumerable.Range(0, 5).Select(Text)];

    /// <param name="now">UTC ticks, for all that do not bear their own.</param>
    public static NpgsqlBatchCommand Command(List<AppendJob> appends, long now)
    {
        var (count, columns) = (0, 0);
        foreach (var append in appends)
            (count, columns) = (count + append.Entries.Length, Math.Max(columns, append.Tags.Length));
        var (created, streams, numbers, messages, manifests, writers) = (new long[count], new string[count], new long[count], new ReadOnlyMemory<byte>[count], new string[count], new string[count]);
        var tags = new string?[columns][];
        for (var t = 0; t < columns; t++)
            tags[t] = new string?[count];
        var i = 0;
        foreach (var append in appends)
        {
            foreach (var entry in append.Entries)
            {
                (created[i], streams[i], numbers[i], messages[i], manifests[i], writers[i]) = (entry.CreatedTicks ?? now, append.Stream.Value, entry.SequenceNumber, entry.Message, entry.Manifest, append.Writer.Value);
                for (var t = 0; t < append.Tags.Length; t++)
                    tags[t][i] = append.Tags[t];
                i++;
            }
        }

        var command = new NpgsqlBatchCommand(columns < Texts.Length ? Texts[columns] : Text(columns))
        {
            Parameters =
            {
                new NpgsqlParameter<long[]> { TypedValue = created }, new NpgsqlParameter<int> { TypedValue = PostgresJournal.SerializerId },
                new NpgsqlParameter<string[]> { TypedValue = streams }, new NpgsqlParameter<long[]> { TypedValue = numbers },
                new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = messages, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new NpgsqlParameter<string[]> { TypedValue = manifests }, new NpgsqlParameter<string[]> { TypedValue = writers },
            },
        };
        foreach (var column in tags)
            command.Parameters.Add(new NpgsqlParameter<string?[]> { TypedValue = column });
        return command;
    }

    // An event with fewer tags than another has NULL in the last columns.
    private static string Text(int columns)
    {
        string[] tags = [.. Enumerable.Range(1, columns).Select(t => $"t{t}")];
        var drawn =
            $"""
            SELECT nextval((SELECT pg_get_serial_sequence('journal', 'ordering')::regclass)) AS o, *
            FROM unnest($1, {string.Join(", ", Enumerable.Range(3, 5 + columns).Select(p => $"${p}"))}) AS r({string.Join(", ", (string[])["c", "p", "s", "m", "f", "w", .. tags])})
            """;
        const string Insert =
            """
            INSERT INTO journal(ordering, created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            OVERRIDING SYSTEM VALUE SELECT o, c, false, p, s, m, f, $2, w FROM
            """;
        return columns == 0
            ? $"{Insert} ({drawn}) AS e"
            : $"""
              WITH e AS MATERIALIZED ({drawn}), j AS ({Insert} e)
              INSERT INTO tags(ordering_id, tag, sequence_nr, persistence_id)
              SELECT o, g.tag, s, p FROM e, LATERAL (VALUES {string.Join(", ", tags.Select(t => $"({t})"))}) AS g(tag) WHERE g.tag IS NOT NULL
              """;
    }
}
