using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using Npgsql;

namespace AiMe.Bench;

/// <summary>A database for each directory, in a server of the bench's own that syncs every commit, or in the one given.</summary>
internal sealed class PostgresStore : Store
{
    private static PostgresStore? s_started;

    private readonly Dictionary<string, string> _databases = [];
    private readonly TestServer _server;

    private PostgresStore(TestServer server)
        : base("PostgreSQL") => _server = server;

    /// <summary>One a process: it stays until the process ends. Null where there is no server to be had.</summary>
    public static async Task<PostgresStore?> TryStartAsync(string place, CancellationToken cancelled)
    {
        cancelled.ThrowIfCancellationRequested();
        return s_started ??= await TestServer.DurableAsync(place) is { } server ? new(server) : null;
    }

    public override async Task<StoreAddress> AddressAsync(string directory) =>
        StoreAddress.Parse(await DatabaseAsync(directory), directory);

    public override async Task<IJournal> OpenAsync(string directory, CancellationToken cancelled) =>
        await PostgresJournal.OpenAsync(
            (PostgresAddress)await AddressAsync(directory),
            TimeProvider.System,
            PostgresSettings.Default,
            cancelled
        );

    public override IEnumerable<BareWrite> BareWrites(int instances) =>
        BareTables
            .Cases(instances)
            .Select(like => new BareWrite($"bare {like.Says}", (directory, rows, cancelled) =>
                BareTables.WriteAsync(this, directory, like, rows, cancelled)
            ));

    public override async Task<Work> BareReadAsync(string directory, ImmutableArray<PersistenceId>? streams)
    {
        await using var connection = new NpgsqlConnection(await DatabaseAsync(directory));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT ordering, persistence_id, sequence_number, manifest, message, created, writer_uuid FROM journal {(streams is null ? "ORDER BY ordering" : "WHERE persistence_id = $1 ORDER BY sequence_number")}",
            connection
        );
        if (streams is not null)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "" });
        await command.PrepareAsync();
        return await Measuring.TimeAsync(
            async () =>
            {
                var rows = 0L;
                foreach (var stream in streams ?? [default])
                {
                    if (streams is not null)
                        ((NpgsqlParameter<string>)command.Parameters[0]).TypedValue = stream.Value;
                    await using var reader = await command.ExecuteReaderAsync();
                    for (; await reader.ReadAsync(); rows++)
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

                return rows;
            },
            this
        );
    }

    /// <summary>The connection string of a directory's database, which is made where there is none yet.</summary>
    public async Task<string> DatabaseAsync(string directory)
    {
        if (_databases.TryGetValue(directory, out var known))
            return known;
        foreach (var gone in _databases.Keys.Where(d => !Directory.Exists(d)).ToArray())
        {
            _databases.Remove(gone, out var connection);
            await _server.DropAsync(connection!);
        }

        return _databases[directory] = await _server.NewDatabaseAsync();
    }

    // The server and those that it has started; who has ended is in what the server's ended children have used.
    public override TimeSpan Served
    {
        get
        {
            if (_server.Data is null || !Directory.Exists("/proc"))
                return TimeSpan.Zero;
            var server = File.ReadLines(Path.Combine(_server.Data, "postmaster.pid")).First();
            var ticks = Fields(server)[11..15].Sum(long.Parse);
            foreach (var process in Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])))
            {
                if (File.Exists($"/proc/{process}/stat") && Fields(process!) is { Length: > 15 } fields && fields[1] == server)
                    ticks += fields[11..13].Sum(long.Parse);
            }

            return TimeSpan.FromMilliseconds(10 * ticks);

            // What follows the name in brackets: state, parent, ..., and from the twelfth on the processor's ticks, of itself and of its ended children, 100 a second.
            static string[] Fields(string process)
            {
                try
                {
                    return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Trim().Split(' ');
                }
                catch (IOException)
                {
                    return []; // It has ended meanwhile.
                }
            }
        }
    }
}
