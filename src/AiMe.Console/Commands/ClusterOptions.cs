using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiMe.Actors.Clustering;

namespace AiMe.Console.Commands;

/// <summary>How a run becomes a node of a cluster: its address, how it finds the others, and what it does for them.</summary>
internal sealed class ClusterOptions
{
    private const string Mind = "mind",
        Model = "model";
    private const int DefaultContactPoints = 2;

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
    private readonly Option<string?> _discovery = new("--discovery")
    {
        Description =
            "Instead of --join: join the pods that the Kubernetes API lists for a label selector, such as "
            + "kubernetes:app=aime. The node answers the others at port 8558 of its address. Default: $AIME_DISCOVERY",
        HelpName = "kubernetes:selector",
    };
    private readonly Option<long?> _contactPoints = SharedOptions.WholeOption(
        "--contact-points",
        "With --discovery: how many nodes must be found before they start a cluster. Default: 2",
        least: 1,
        most: int.MaxValue
    );
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

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_node);
        command.Options.Add(_seeds);
        command.Options.Add(_discovery);
        command.Options.Add(_contactPoints);
        command.Options.Add(_roles);
        command.Options.Add(_health);
    }

    /// <summary>Reads the options; null if the process is not a node of a cluster.</summary>
    /// <exception cref="UsageException">The options contradict each other, or a value is wrong.</exception>
    public NodeOptions? Read(ParseResult parsed)
    {
        var at = parsed.GetValue(_node) ?? Environment.GetEnvironmentVariable("AIME_NODE");
        var seeds = parsed.GetValue(_seeds) is { Length: > 0 } given ? given : ListOf("AIME_JOIN");
        var pods = PodsOf(parsed);
        if (at is null && seeds.Length == 0 && pods is null)
        {
            if (parsed.GetResult(_roles) is not null || parsed.GetResult(_health) is not null)
                throw new UsageException(
                    "--role and --health apply to a node of a cluster; expected --node, --join or --discovery with them"
                );
            return null;
        }

        var (host, port) = Split(at ?? "127.0.0.1:0", "--node");
        foreach (var seed in seeds)
            Split(seed, "--join");
        if (seeds.Length > 0 && port == 0)
            throw new UsageException(
                "--join: the other nodes must be able to reach this one; expected --node host:port with a port other than 0"
            );
        if (seeds.Length > 0 && pods is not null)
            throw new UsageException("found --join (or $AIME_JOIN) and --discovery (or $AIME_DISCOVERY), expected one of them");
        if (pods is not null && (at is null || !IsIPv4(host)))
            throw new UsageException(
                $"--discovery: found the node {at ?? "127.0.0.1:0"}, expected --node with the IPv4 address of the pod"
            );
        return new NodeOptions(host, port, [.. seeds], parsed.GetValue(_health) is { } health ? Split(health, "--health") : null)
        {
            Roles = ReadRoles(parsed.GetValue(_roles)),
            Pods = pods,
        };
    }

    private PodOptions? PodsOf(ParseResult parsed)
    {
        const string Kubernetes = "kubernetes:";
        var text = parsed.GetValue(_discovery) ?? Environment.GetEnvironmentVariable("AIME_DISCOVERY");
        var points = parsed.GetValue(_contactPoints);
        if (text is null)
            return points is null ? null : throw new UsageException("--contact-points applies to --discovery; expected it too");
        if (!text.StartsWith(Kubernetes, StringComparison.Ordinal) || text.Length == Kubernetes.Length)
            throw new UsageException(
                $"--discovery: found '{text}', expected kubernetes: and a label selector, such as kubernetes:app=aime"
            );
        if (Environment.GetEnvironmentVariable(PodOptions.HostVariable) is null or "")
            throw new UsageException(
                $"--discovery: this process is not in a pod of Kubernetes (${PodOptions.HostVariable} is not set); name the other "
                    + "nodes with --join"
            );
        return new PodOptions(text[Kubernetes.Length..], (int)(points ?? DefaultContactPoints));
    }

    private static bool IsIPv4(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetwork;

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
}
