using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiMe.Tests.Postgres;

/// <summary>A PostgreSQL server for tests: its own from the installed programs, on a directory that goes with it, or the one in <c>AIME_TEST_POSTGRES</c>.</summary>
public sealed class TestServer : IAsyncDisposable
{
    /// <summary>A connection string for a server that may create databases; they are dropped after the tests.</summary>
    public const string Given = "AIME_TEST_POSTGRES";

    /// <summary>A role from which our own server demands a password; a test makes it.</summary>
    public const string Locked = "locked";

    // The server ends with the process that holds its input, however that one ends, and takes its directory along.
    private const string UntilHungUp = """
        trap '' INT
        "$1/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 -c fsync="$5" -c max_connections=200 -c log_min_messages=fatal >"$2/log" 2>&1 &
        cat >/dev/null
        kill -QUIT $! 2>/dev/null
        wait $!
        [ "$4" = keep ] || rm -rf "$2"
        """;

    private static readonly Lazy<Task<TestServer?>> s_shared = new(() => TryStartAsync());
    private static int s_databases;

    private readonly string? _programs,
        _directory;
    private readonly int _port;
    private readonly bool _isDurable;
    private Process? _process;

    private TestServer(string connection) => Connection = connection;

    private TestServer(string programs, string directory, int port, bool durable)
    {
        (_programs, _directory, _port, _isDurable) = (programs, directory, port, durable);
        Connection = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
    }

    /// <summary>Why a test that needs a server is skipped where there is none.</summary>
    public static string Missing =>
        $"there is no PostgreSQL: neither programs in /usr/lib/postgresql/*/bin with a user that may run them, nor a connection string in {Given}";

    /// <summary>The one server of this process; null where there can be none.</summary>
    public static Task<TestServer?> SharedAsync() => s_shared.Value;

    /// <summary>To the database <c>postgres</c>, or the one given.</summary>
    public string Connection { get; }

    /// <summary>A server of a test's own, to be stopped and started; null where there are no programs for one.</summary>
    public static async Task<TestServer?> OwnAsync() => Programs() is { } programs ? await StartOwnAsync(programs) : null;

    /// <summary>The server given, or one of our own that syncs its disk and has its defaults otherwise: for a bench. Null where there can be none.</summary>
    /// <param name="place">The directory in which it makes its own, which goes with the process that started it.</param>
    public static async Task<TestServer?> DurableAsync(string place) =>
        GivenOne() ?? (Programs() is { } programs ? await StartOwnAsync(programs, "drop", durable: true, place) : null);

    /// <summary>Where our own server has its data; null of a server that was given.</summary>
    public string? Data => _directory is null ? null : Path.Combine(_directory, "data");

    /// <summary>The directory of our own server's Unix socket; null of a server that was given.</summary>
    public string? Socket => _directory;

    /// <summary>A new database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync(string how = "ENCODING 'UTF8'")
    {
        var name = $"aime_test_{Environment.ProcessId}_{Interlocked.Increment(ref s_databases)}";
        await ExecuteAsync(Connection, $"CREATE DATABASE {name} {how} TEMPLATE template0");
        return new NpgsqlConnectionStringBuilder(Connection) { Database = name }.ConnectionString;
    }

    /// <summary>Drops a database that <see cref="NewDatabaseAsync"/> gave, whoever is still connected.</summary>
    public Task DropAsync(string connection) =>
        ExecuteAsync(Connection, $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");

    public static async Task ExecuteAsync(string connection, string sql)
    {
        await using var opened = new NpgsqlConnection($"{connection};Pooling=false");
        await opened.OpenAsync();
        await using var command = new NpgsqlCommand(sql, opened);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary><c>pg_ctl stop -m immediate</c>: as when the server is killed.</summary>
    public async Task StopImmediatelyAsync()
    {
        await RunAsync(
            AsPostgres([Path.Combine(_programs!, "pg_ctl"), "stop", "-m", "immediate", "-D", Path.Combine(_directory!, "data")])
        );
        await HangUpAsync();
    }

    /// <summary>Starts again on the same directory and port.</summary>
    public async Task StartAgainAsync()
    {
        _process = Launch(this, "keep");
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        if (_directory is not null && Directory.Exists(_directory))
            await RunAsync(["rm", "-rf", _directory]);
    }

    private static async Task<TestServer?> TryStartAsync() =>
        GivenOne() ?? (Programs() is { } programs ? await StartOwnAsync(programs, "drop") : null);

    private static TestServer? GivenOne() =>
        Environment.GetEnvironmentVariable(Given) is { Length: > 0 } given ? new TestServer(given) : null;

    private static string? Programs()
    {
        if (
            !OperatingSystem.IsLinux()
            || !Directory.Exists("/usr/lib/postgresql")
            || Environment.UserName == "root"
                && !File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal))
        )
            return null;
        return Directory
            .GetDirectories("/usr/lib/postgresql")
            .Select(d => Path.Combine(d, "bin"))
            .Where(d => File.Exists(Path.Combine(d, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault();
    }

    private static async Task<TestServer> StartOwnAsync(
        string programs,
        string afterwards = "keep",
        bool durable = false,
        string? place = null
    )
    {
        var directory = place is null
            ? Directory.CreateTempSubdirectory("aime-pg-").FullName
            : Directory.CreateDirectory(Path.Combine(place, $"aime-pg-{Environment.ProcessId}")).FullName;
        if (Environment.UserName == "root")
            await RunAsync(["chown", "postgres", directory]);
        await RunAsync(
            AsPostgres([
                Path.Combine(programs, "initdb"),
                "-D",
                Path.Combine(directory, "data"),
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ])
        );
        var access = Path.Combine(directory, "data", "pg_hba.conf");
        await File.WriteAllTextAsync(access, $"host all {Locked} 127.0.0.1/32 scram-sha-256\n{await File.ReadAllTextAsync(access)}");
        var server = new TestServer(programs, directory, FreePort(), durable);
        server._process = Launch(server, afterwards);
        await server.ReadyAsync();
        return server;
    }

    private static Process Launch(TestServer server, string afterwards)
    {
        string[] line = AsPostgres([
            "sh",
            "-c",
            UntilHungUp,
            "sh",
            server._programs!,
            server._directory!,
            $"{server._port}",
            afterwards,
            server._isDurable ? "on" : "off",
        ]);
        return Process.Start(
            new ProcessStartInfo(line[0], line[1..])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
                WorkingDirectory = "/",
            }
        )!;
    }

    private static string[] AsPostgres(string[] line) =>
        Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. line] : line;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string[] line)
    {
        using var process = Process.Start(
            new ProcessStartInfo(line[0], line[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = "/",
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', line)}: {await output}{await errors}");
    }

    private async Task ReadyAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ExecuteAsync(Connection, "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (attempt < 600 && !_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50)); // Until it answers; a server that takes half a minute has failed.
            }
        }
    }

    private async Task HangUpAsync()
    {
        if (_process is not { } process)
            return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }
}
