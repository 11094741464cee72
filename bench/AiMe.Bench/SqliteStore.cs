using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiMe.Bench;

/// <summary>A file in the directory, synced at every commit.</summary>
internal sealed class SqliteStore() : Store("SQLite FULL")
{
    public override async Task<IJournal> OpenAsync(string directory, CancellationToken cancelled) =>
        await SqliteJournal.OpenAsync(FileIn(directory), TimeProvider.System, cancelled);

    public override Task<AiMe.Journal.StoreAddress> AddressAsync(string directory) =>
        Task.FromResult(AiMe.Journal.StoreAddress.Parse(directory, blobs: null));

    public override IEnumerable<BareWrite> BareWrites(int instances) =>
        BareRows
            .Cases(instances)
            .Select(like => new BareWrite($"bare rows, {like.Says}", (directory, rows, cancelled) =>
                BareRows.WriteAsync(this, directory, like, rows, cancelled)
            ));

    public override async Task<Work> BareReadAsync(string directory, ImmutableArray<PersistenceId>? streams)
    {
        await using var connection = new SqliteConnection($"Data Source={FileIn(directory)};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT ordering, persistence_id, sequence_number, manifest, message, created, writer_uuid FROM journal {(streams is null ? "ORDER BY ordering" : "WHERE persistence_id = ?1 ORDER BY sequence_number")}";
        var parameter = streams is null ? null : command.Parameters.AddWithValue("?1", "");
        var rows = 0L;
        return await Measuring.TimeAsync(() =>
        {
            foreach (var stream in streams ?? [default])
            {
                if (parameter is not null)
                    parameter.Value = stream.Value;
                using var reader = command.ExecuteReader();
                for (; reader.Read(); rows++)
                    _ = (
                        reader.GetInt64(0),
                        reader.GetString(1),
                        reader.GetInt64(2),
                        reader.GetString(3),
                        reader.GetFieldValue<byte[]>(4),
                        reader.GetInt64(5),
                        reader.GetString(6)
                    );
            }

            return Task.FromResult(rows);
        });
    }

    public static string FileIn(string directory) => Path.Combine(directory, "journal.db");
}
