using AiMe.Journal.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AiMe.Bench;

/// <summary>Rows written by hand into the product's tables on PostgreSQL, on one connection: what the server itself can do.</summary>
internal static class BareTables
{
    private const string Manifest = "memory.stored@1",
        Writer = "0123456789abcdef0123456789abcdef";

    /// <summary>How bare rows are written.</summary>
    /// <param name="Copies">Whether by binary COPY, else from arrays in one statement.</param>
    /// <param name="Streams">Persistence ids that take turns.</param>
    public sealed record Case(bool Copies, int Transaction, int Streams)
    {
        public string Says =>
            $"{(Copies ? "COPY" : "UNNEST")}, {Transaction:#,0} a transaction, of {(Streams == 1 ? "one stream" : $"{Streams:#,0} streams")}";
    }

    public static IEnumerable<Case> Cases(int instances)
    {
        yield return new(Copies: false, instances, instances);
        if (instances == 1)
            yield break;
        yield return new(Copies: true, instances, instances);
        yield return new(Copies: false, instances, 1);
        yield return new(Copies: true, instances, 1);
    }

    public static async Task<Work> WriteAsync(PostgresStore store, string directory, Case like, int rows, CancellationToken cancelled)
    {
        await (await store.OpenAsync(directory, cancelled)).DisposeAsync(); // the schema, as the product makes it
        await using var connection = new NpgsqlConnection($"{await store.DatabaseAsync(directory)};Pooling=false");
        await connection.OpenAsync(cancelled);
        var streams = Enumerable.Range(0, like.Streams).Select(i => JournalBench.StreamOf(i).Value).ToArray();
        var message = new byte[JournalBench.EventBytes];
        message.AsSpan().Fill((byte)'x');
        return await Measuring.TimeAsync(
            async () =>
            {
                for (var n = 0; n < rows; n += like.Transaction)
                {
                    var some = new Some(Enumerable.Range(n, Math.Min(like.Transaction, rows - n)).ToArray(), streams, message);
                    if (like.Copies)
                        await CopyAsync(connection, some, cancelled);
                    else
                        await InsertAsync(connection, some, cancelled);
                }

                return rows;
            },
            store
        );
    }

    private static async Task CopyAsync(NpgsqlConnection connection, Some some, CancellationToken cancelled)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancelled);
        await using (
            var journal = await connection.BeginBinaryImportAsync(
                "COPY journal(ordering, created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) FROM STDIN (FORMAT binary)",
                cancelled
            )
        )
        {
            foreach (var n in some.Rows)
            {
                await journal.StartRowAsync(cancelled);
                await journal.WriteAsync(n + 1L, NpgsqlDbType.Bigint, cancelled);
                await journal.WriteAsync(some.Now, NpgsqlDbType.Bigint, cancelled);
                await journal.WriteAsync(false, NpgsqlDbType.Boolean, cancelled);
                await journal.WriteAsync(some.Stream(n), NpgsqlDbType.Text, cancelled);
                await journal.WriteAsync(some.Number(n), NpgsqlDbType.Bigint, cancelled);
                await journal.WriteAsync(some.Message, NpgsqlDbType.Bytea, cancelled);
                await journal.WriteAsync(Manifest, NpgsqlDbType.Text, cancelled);
                await journal.WriteAsync(PostgresJournal.SerializerId, NpgsqlDbType.Integer, cancelled);
                await journal.WriteAsync(Writer, NpgsqlDbType.Text, cancelled);
            }

            await journal.CompleteAsync(cancelled);
        }

        await transaction.CommitAsync(cancelled);
    }

    // One round trip: a pipeline up to its end is one transaction.
    private static async Task InsertAsync(NpgsqlConnection connection, Some some, CancellationToken cancelled)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(
                "INSERT INTO journal(ordering, created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) OVERRIDING SYSTEM VALUE SELECT o, $2, false, p, s, m, $6, $7, $8 FROM unnest($1, $3, $4, $5) AS e(o, p, s, m)"
            )
            {
                Parameters =
                {
                    Of(some.Rows.Select(n => n + 1L)),
                    new() { Value = some.Now },
                    Of(some.Rows.Select(some.Stream)),
                    Of(some.Rows.Select(some.Number)),
                    Of(some.Rows.Select(_ => some.Message)),
                    new() { Value = Manifest },
                    new() { Value = PostgresJournal.SerializerId },
                    new() { Value = Writer },
                },
            }
        );
        await batch.PrepareAsync(cancelled);
        await batch.ExecuteNonQueryAsync(cancelled);

        static NpgsqlParameter Of<T>(IEnumerable<T> values) => new() { Value = values.ToArray() };
    }

    /// <summary>The rows of one transaction.</summary>
    private sealed class Some(int[] rows, string[] streams, byte[] message)
    {
        public int[] Rows => rows;

        public byte[] Message => message;

        public long Now => 638_000_000_000_000_000 + rows[0];

        public string Stream(int row) => streams[row % streams.Length];

        public long Number(int row) => row / streams.Length + 1;
    }
}
