using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AiMe.Console.Commands;

/// <summary>
/// How the actor system of a run is set up: alone or as a node of a cluster, and which journal plugin its actors write
/// through.
/// </summary>
internal sealed class EngineOptions
{
    private const string Mind = "mind",
        Model = "model",
        Aime = "aime",
        AkkaSql = "akka-sql";

    private readonly Option<string[]> _journal = SharedOptions.OneOf(
        "--journal",
        "The Akka.Persistence plugin that writes events: AiMe's own (aime, the default), or Akka.Persistence.Sql "
            + "(akka-sql), which is slower. Both write the same tables",
        [Aime, AkkaSql],
        many: false
    );
    private readonly Option<string?> _node = Place(
        "--node",
        "Run as a node of a cluster, at this address, which other nodes can reach. Port 0 takes any free port. Default: "
            + "$AIME_NODE, else 127.0.0.1:0 with --join, else no cluster"
    );
    private readonly Option<string[]> _seeds = new("--join")
    {
        Description =
            "Run as a node of a cluster, and join it through these seed nodes. The node that starts the cluster names "
            + "itself first. Default: $AIME_JOIN, separated by commas",
        HelpName = "host:port",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string[]> _roles = SharedOptions.OneOf(
        "--role",
        "What a node does for its cluster: host instances (mind), do model work (model), or both, if given twice. "
            + "Default: $AIME_ROLE, separated by commas, else both",
        [Mind, Model]
    );
    private readonly Option<string?> _health = Place(
        "--health",
        "The address at which a node answers GET /healthz, /healthz/live and /healthz/ready, such as 0.0.0.0:8080 for a "
            + "container's probes. Default: none"
    );
    private readonly Option<FileInfo?> _config = new("--akka-config")
    {
        Description = "A HOCON file with settings of Akka.NET, which override AiMe's own (config/akka.conf and config/akka-cluster.conf)",
        HelpName = "file",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_journal);
        command.Options.Add(_node);
        command.Options.Add(_seeds);
        command.Options.Add(_roles);
        command.Options.Add(_health);
        command.Options.Add(_config);
    }

    /// <summary>Creates the factory of a store's hosts.</summary>
    /// <exception cref="UsageException">The options contradict each other, or a value is wrong.</exception>
    public Func<EventStore, EventSourcing.IRuntimeFactory> Read(ParseResult parsed, Shard? shard)
    {
        var settings = ReadSettings(parsed.GetValue(_config));
        TerminalWriter.KeepOutput();
        var akkaSql = parsed.GetValue(_journal) is [AkkaSql];
        if (NodeOf(parsed) is not { } node)
        {
            if (parsed.GetResult(_roles) is not null || parsed.GetResult(_health) is not null)
                throw new UsageException("--role and --health apply to a node of a cluster; expected --node or --join with them");
            return store => new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System)
            {
                Settings = settings,
                AkkaSqlStore = akkaSql ? store.Address : null,
            };
        }

        if (shard is not null)
            throw new UsageException(
                "--shard with --node or --join: a cluster shares the instances out by itself; omit --shard, and start "
                    + "the same command on each node"
            );
        return store => new ClusterHosting(node, store, TimeProvider.System) { Settings = settings, AkkaSqlJournal = akkaSql };
    }

    // Null if this process is not a node of a cluster.
    private NodeOptions? NodeOf(ParseResult parsed)
    {
        var at = parsed.GetValue(_node) ?? Environment.GetEnvironmentVariable("AIME_NODE");
        var seeds = parsed.GetValue(_seeds) is { Length: > 0 } given ? given : ListOf("AIME_JOIN");
        if (at is null && seeds.Length == 0)
            return null;
        var (host, port) = Split(at ?? "127.0.0.1:0", "--node");
        foreach (var seed in seeds)
            Split(seed, "--join");
        if (seeds.Length > 0 && port == 0)
            throw new UsageException(
                "--join: the other nodes must be able to reach this one; expected --node host:port with a port other than 0"
            );
        return new NodeOptions(host, port, [.. seeds], parsed.GetValue(_health) is { } health ? Split(health, "--health") : null)
        {
            Roles = ReadRoles(parsed.GetValue(_roles)),
        };
    }

    private static Option<string?> Place(string name, string what) => new(name) { Description = what, HelpName = "host:port" };

    private static string[] ListOf(string variable) =>
        Environment.GetEnvironmentVariable(variable)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        ?? [];

    private static (string Host, int Port) Split(string text, string option)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (text[..colon], port)
            : throw new UsageException($"{option}: found '{text}', expected host:port such as 10.0.0.7:4053");
    }

    private static ImmutableArray<string> ReadRoles(string[]? given)
    {
        string[] known = [Mind, Model];
        if (given is not { Length: > 0 })
            given = ListOf("AIME_ROLE") is { Length: > 0 } said ? said : known;
        SharedOptions.RefuseUnknown("$AIME_ROLE", given, known, "role");
        return [.. given.Distinct(StringComparer.Ordinal)];
    }

    private static ActorSystemSettings ReadSettings(FileInfo? file)
    {
        var settings = new ActorSystemSettings(LogToStandardError);
        try
        {
            return file is null ? settings : settings.With(File.ReadAllText(file.FullName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--akka-config: {file!.FullName} cannot be read: {e.Message}");
        }
        catch (FormatException e)
        {
            throw new UsageException($"--akka-config: {file!.FullName}: {e.Message}");
        }
    }

    // Standard output is for results.
    private static void LogToStandardError(ILoggingBuilder logging) =>
        logging
            .SetMinimumLevel(LogLevel.Trace) // akka.loglevel decides, WARNING by default
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(format =>
                (format.SingleLine, format.TimestampFormat, format.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Disabled)
            );
}
