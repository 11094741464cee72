using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Lab;
using AiMe.Mind;
using IHosting = AiMe.Kernel.IHosting;
using Store = AiMe.Journal.Store;

namespace AiMe.Console;

/// <summary>What carries a run: <c>--host</c>, and how a node of a cluster joins the others.</summary>
internal sealed class HostOption
{
    private const string Local = "local", Akka = "akka", Mind = "mind", Model = "model";

    private readonly Option<string[]> _host = Common.OneOf("--host", "What carries the run: this process alone (local, the default), or a node of an Akka.NET cluster. The digest does not depend on it", [Local, Akka], many: false);
    private readonly Option<string?> _node = Place("--node", "With --host akka: the address at which other nodes reach this one. Default: $AIME_NODE, else a free port of 127.0.0.1");
    private readonly Option<string[]> _seeds = new("--join") { Description = "With --host akka: seed nodes of the cluster to join, the first of them this one if it begins it. Default: $AIME_JOIN, with commas, else a cluster of this node alone", HelpName = "host:port", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> _roles = Common.OneOf("--role", "With --host akka: what this node does for its cluster: host instances (mind), do their model work (model), or both, if given twice. Default: $AIME_ROLE, with commas, else both", [Mind, Model]);
    private readonly Option<string?> _health = Place("--health", "With --host akka: where the node answers GET /live and GET /ready, such as 0.0.0.0:8080 for a container's probes. Nowhere unless told");
    private readonly Option<FileInfo?> _config = new("--akka-config") { Description = "With --host akka: a HOCON file, laid over what AiMe asks of Akka.NET, such as config/akka.conf", HelpName = "file" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_host);
        command.Options.Add(_node);
        command.Options.Add(_seeds);
        command.Options.Add(_roles);
        command.Options.Add(_health);
        command.Options.Add(_config);
    }

    /// <summary>What makes the hosts of a store; null for the local runtime.</summary>
    /// <exception cref="UsageException">This build has no other host, or what is said of it cannot be.</exception>
    public Func<Store, IHosting>? Read(ParseResult parsed, Shard? shard)
    {
        var isAkka = parsed.GetValue(_host) is [Akka];
        if (!isAkka)
        {
            if (parsed.GetResult(_node) is not null || parsed.GetResult(_seeds) is not null || parsed.GetResult(_roles) is not null || parsed.GetResult(_health) is not null || parsed.GetResult(_config) is not null)
                throw new UsageException("--node, --join, --role, --health and --akka-config are for a node of a cluster; expected --host akka with them");
            return null;
        }

        if (shard is not null)
            throw new UsageException("--shard with --host akka: a cluster shares the instances out by itself; leave --shard away, and start the same command on each node");
#if AKKA
        var (host, port) = Split(parsed.GetValue(_node) ?? Environment.GetEnvironmentVariable("AIME_NODE") ?? "127.0.0.1:0", "--node");
        var seeds = parsed.GetValue(_seeds) is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable("AIME_JOIN")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        foreach (var seed in seeds)
            Split(seed, "--join");
        if (seeds.Length > 0 && port == 0)
            throw new UsageException("--join: the other nodes must be able to reach this one; expected --node host:port with a port of its own");
        var options = new AiMe.Akka.NodeOptions(host, port, [.. seeds], parsed.GetValue(_health) is { } health ? Split(health, "--health") : null, ReadConfig(parsed.GetValue(_config))) { Roles = ReadRoles(parsed.GetValue(_roles)) };
        return store => new AiMe.Akka.AkkaHosting(options, store, MindWire.All, System.Console.Error, TimeProvider.System);
#else
        throw new UsageException("--host akka: this build has no Akka.NET in it; expected one made where its packages are served, by: dotnet build src/AiMe.Console -p:Akka=true (and then dotnet run -p:Akka=true --project src/AiMe.Console -- run ...)");
#endif
    }

    private static Option<string?> Place(string name, string what) => new(name) { Description = what, HelpName = "host:port" };

#if AKKA
    private static (string Host, int Port) Split(string text, string option)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port)
            ? (text[..colon], port)
            : throw new UsageException($"{option}: found '{text}', expected host:port such as 10.0.0.7:4053");
    }

    private static ImmutableArray<string> ReadRoles(string[]? given)
    {
        string[] known = [Mind, Model];
        if (given is not { Length: > 0 })
            given = Environment.GetEnvironmentVariable("AIME_ROLE")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } said ? said : known;
        Common.RefuseUnknown("$AIME_ROLE", given, known, "role");
        return [.. given.Distinct(StringComparer.Ordinal)];
    }

    private static string? ReadConfig(FileInfo? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--akka-config: {file!.FullName} cannot be read: {e.Message}");
        }
    }
#endif
}
