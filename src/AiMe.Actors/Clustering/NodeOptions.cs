using System.Collections.Immutable;

namespace AiMe.Actors.Clustering;

/// <summary>How this process joins a cluster.</summary>
/// <param name="HostName">The address at which other nodes reach this one; loopback by default.</param>
/// <param name="Port">The node's port; 0 for any free port, which suits a cluster of one node.</param>
/// <param name="Seeds">The seed nodes, as <c>host:port</c>; empty for a cluster of one node.</param>
/// <param name="Health">The address of the health endpoint; null for none.</param>
public sealed record NodeOptions(string HostName, int Port, ImmutableArray<string> Seeds, (string Host, int Port)? Health = null)
{
    /// <summary>Role of nodes that host instances.</summary>
    public const string Mind = "mind";

    /// <summary>
    /// Role of nodes that do model work for their own instances and for those of nodes without this role.
    /// </summary>
    public const string Model = "model";

    /// <summary>Options for a cluster of this process alone.</summary>
    public static NodeOptions Alone { get; } = new("127.0.0.1", 0, []);

    /// <summary>Finds the other nodes as pods of Kubernetes; null if <see cref="Seeds"/> names them.</summary>
    public PodOptions? Pods { get; init; }

    /// <summary>The node's roles: <see cref="Mind"/>, <see cref="Model"/>, or both.</summary>
    /// <exception cref="ArgumentException">The set is empty or has another role.</exception>
    public ImmutableArray<string> Roles
    {
        get;
        init =>
            field =
                !value.IsDefaultOrEmpty && value.All(role => role is Mind or Model)
                    ? value
                    : throw new ArgumentException(
                        $"found the roles '{string.Join(", ", value.IsDefault ? [] : value)}', expected {Mind}, {Model}, or both",
                        nameof(value)
                    );
    } = [Mind, Model];

    /// <summary>Whether the node hosts instances.</summary>
    internal bool IsMind => Roles.Contains(Mind);

    /// <summary>Whether the node does model work.</summary>
    internal bool IsModel => Roles.Contains(Model);
}

/// <summary>Finds the nodes of a cluster as pods that the Kubernetes API lists.</summary>
/// <param name="Selector">The label selector of the pods, such as <c>app=aime</c>.</param>
/// <param name="ContactPoints">Number of nodes that must be found before they start a cluster, at least 1.</param>
public sealed record PodOptions(string Selector, int ContactPoints)
{
    /// <summary>Variables with the address of the API, which Kubernetes sets in every container.</summary>
    public const string HostVariable = "KUBERNETES_SERVICE_HOST",
        PortVariable = "KUBERNETES_SERVICE_PORT";
}
