using System.CommandLine;
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
    private const string Aime = "aime",
        AkkaSql = "akka-sql";

    private readonly Option<string[]> _journal = SharedOptions.OneOf(
        "--journal",
        "The Akka.Persistence plugin that writes events: AiMe's own (aime, the default), or Akka.Persistence.Sql "
            + "(akka-sql), which is slower. Both write the same tables",
        [Aime, AkkaSql],
        many: false
    );
    private readonly ClusterOptions _cluster = new();
    private readonly Option<FileInfo?> _config = new("--akka-config")
    {
        Description = "A HOCON file with settings of Akka.NET, which override AiMe's own (config/akka.conf and config/akka-cluster.conf)",
        HelpName = "file",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_journal);
        _cluster.AddTo(command);
        command.Options.Add(_config);
    }

    /// <summary>Creates the factory of a store's hosts.</summary>
    /// <exception cref="UsageException">The options contradict each other, or a value is wrong.</exception>
    public Func<EventStore, EventSourcing.IRuntimeFactory> Read(ParseResult parsed, Shard? shard)
    {
        var settings = ReadSettings(parsed.GetValue(_config));
        TerminalWriter.KeepOutput();
        var akkaSql = parsed.GetValue(_journal) is [AkkaSql];
        if (_cluster.Read(parsed) is not { } node)
            return store => new ActorHosting(store.Journal, store.Snapshots, TimeProvider.System)
            {
                Settings = settings,
                AkkaSqlStore = akkaSql ? store.Address : null,
            };

        if (shard is not null)
            throw new UsageException(
                "--shard with --node, --join or --discovery: a cluster shares the instances out by itself; omit --shard, and start "
                    + "the same command on each node"
            );
        return store => new ClusterHosting(node, store, TimeProvider.System) { Settings = settings, AkkaSqlJournal = akkaSql };
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
