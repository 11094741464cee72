using System.Net;
using System.Net.Sockets;
using AiMe.Console.Tests.Runs;
using AiMe.Tests.Postgres;
using Npgsql;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Real nodes over one PostgreSQL, in the middle of a run: its last event waits until it is let.</summary>
internal sealed record Cluster(string Directory, string Database, string[] Store, Aime[] Nodes, NpgsqlConnection Held) : IAsyncDisposable
{
    /// <summary>Three nodes begin together, and find sooner than in the field who is there and who is not.</summary>
    public const string Three = """
        akka.cluster {
          min-nr-of-members = 3
          seed-node-timeout = 1s
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          failure-detector.acceptable-heartbeat-pause = 3s
          split-brain-resolver.stable-after = 3s
        }

        """;

    // The run's last event waits for whoever holds the lock, so that what a test does to a node happens in mid-run on a fast machine too.
    private const string EndWaits = """
        CREATE FUNCTION end_waits() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.manifest = 'supervisor.ended@1' THEN PERFORM pg_advisory_xact_lock(1); END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER end_waits BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION end_waits()
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The command line of each node.</summary>
    public required string[][] Lines { get; init; }

    /// <summary>Starts nodes, and waits until each that may host instances hosts some, and the run is well under way.</summary>
    /// <param name="roles">Of each node; null for both everywhere.</param>
    /// <param name="hosts">Where each node is reached; null for loopback.</param>
    /// <param name="socket">Whether the database is reached by its Unix socket, which is there in every network namespace.</param>
    /// <param name="launch">Starts a node from its number and its command line; null for a plain process.</param>
    /// <param name="settings">Settings of Akka's own for all nodes.</param>
    /// <param name="count">Of nodes.</param>
    public static async Task<Cluster> StartAsync(
        World world,
        string[]? roles = null,
        string[]? hosts = null,
        bool socket = false,
        Func<int, string, string[], Aime>? launch = null,
        string settings = Three,
        int count = 3
    )
    {
        var server = await TestServer.SharedAsync();
        Skip.If(server is null || socket && server.Socket is null, TestServer.Missing);
        var (database, directory) = (await server!.NewDatabaseAsync(), world.NewStore());
        var ports = FreePorts(count);
        string[] nodesAt = [.. ports.Select((port, i) => $"{hosts?[i] ?? "127.0.0.1"}:{port}")];
        string[] store =
        [
            "--store",
            socket ? new NpgsqlConnectionStringBuilder(database) { Host = server.Socket }.ConnectionString : database,
            "--blobs",
            directory,
        ];
        var config = Path.Combine(directory, "three.conf");
        await File.WriteAllTextAsync(
            config,
            settings.Replace("min-nr-of-members = 3", $"min-nr-of-members = {count}", StringComparison.Ordinal)
        );
        string[][] lines =
        [
            .. nodesAt.Select(
                (at, i) =>
                    (string[])
                        [
                            "run",
                            world.Small,
                            "--json",
                            .. store,
                            "--akka-config",
                            config,
                            "--node",
                            at,
                            .. nodesAt.SelectMany(seed => new[] { "--join", seed }),
                            .. roles is null ? [] : (string[])["--role", roles[i]],
                        ]
            ),
        ];
        var nodes = lines.Select((line, i) => launch?.Invoke(i, directory, line) ?? Aime.Start(directory, line)).ToArray();
        var cluster = new Cluster(directory, database, store, nodes, await HeldAsync(database)) { Lines = lines };
        var owners = roles?.Count(role => role == "mind") ?? ports.Length;
        await cluster.UntilAsync("SELECT count(*) = 1 FROM pg_tables WHERE tablename = 'journal'");
        await TestServer.ExecuteAsync(database, EndWaits);
        await cluster.UntilAsync(
            $"SELECT (SELECT count(DISTINCT process_id) FROM aime_owner WHERE writer IS NOT NULL AND name NOT LIKE '%#%') = {owners} AND (SELECT count(*) FROM journal) > 150"
        );
        return cluster;
    }

    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    /// <summary>The number of the node that hosts the supervisor.</summary>
    public async Task<int> SupervisorAsync()
    {
        var owner = await TextAsync("SELECT process_id FROM aime_owner WHERE name NOT LIKE '%/%' AND name NOT LIKE '%#%'");
        return Array.FindIndex(Nodes, n => n.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == owner);
    }

    /// <summary>The run's last event waits no longer.</summary>
    public async Task LetEndAsync()
    {
        (await TextAsync("SELECT count(*) FROM journal WHERE manifest = 'supervisor.ended@1'")).ShouldBe("0", "it is in mid-run");
        await Held.CloseAsync();
    }

    /// <summary>Asks until the answer is yes.</summary>
    public async Task UntilAsync(string sql)
    {
        for (var since = TimeProvider.System.GetTimestamp(); await TextAsync(sql) != "True"; await Task.Delay(20))
        {
            if (Nodes.FirstOrDefault(n => n.HasEnded) is { } ended)
                throw new InvalidOperationException($"a node ended: {await ended.EndAsync()}");
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Patience);
        }
    }

    public async Task<string> TextAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return (await command.ExecuteScalarAsync())?.ToString() ?? "";
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return ""; // no node has made the tables yet
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            node.Dispose();
        await Held.DisposeAsync();
    }

    private static async Task<NpgsqlConnection> HeldAsync(string database)
    {
        var held = new NpgsqlConnection($"{database};Pooling=false");
        await held.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(1)", held);
        await command.ExecuteNonQueryAsync();
        return held;
    }
}
