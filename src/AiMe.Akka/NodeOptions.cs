using System.Collections.Immutable;

namespace AiMe.Akka;

/// <summary>How this process joins a cluster.</summary>
/// <param name="HostName">The address by which other nodes reach this one; loopback unless told otherwise.</param>
/// <param name="Port">0 for any free one, which suits a cluster of one.</param>
/// <param name="Seeds">Of the nodes that are asked to be let in, as <c>host:port</c>; empty for a cluster of one.</param>
/// <param name="Health">Where it answers whether it is well; null for nowhere.</param>
/// <param name="Hocon">Akka's own settings, laid over those that AiMe makes; null for none.</param>
public sealed record NodeOptions(string HostName, int Port, ImmutableArray<string> Seeds, (string Host, int Port)? Health = null, string? Hocon = null)
{
    /// <summary>The name of the actor system, which the addresses of a cluster share.</summary>
    public const string System = "aime";

    /// <summary>Nodes on which instances live.</summary>
    public const string Mind = "mind";

    /// <summary>Nodes that do model work: that of their own lives, and that of lives on nodes that do none.</summary>
    public const string Model = "model";

    /// <summary>A cluster of this process alone.</summary>
    public static NodeOptions Alone { get; } = new("127.0.0.1", 0, []);

    /// <summary>What it does for its cluster: <see cref="Mind"/>, <see cref="Model"/>, or both.</summary>
    /// <exception cref="ArgumentException">Nothing, or something else.</exception>
    public ImmutableArray<string> Roles
    {
        get;
        init => field = !value.IsDefaultOrEmpty && value.All(role => role is Mind or Model) ? value : throw new ArgumentException($"found the roles '{string.Join(", ", value.IsDefault ? [] : value)}', expected {Mind}, {Model}, or both", nameof(value));
    } = [Mind, Model];

    /// <summary>Whether instances live on it.</summary>
    internal bool IsMind => Roles.Contains(Mind);

    /// <summary>Whether it does model work.</summary>
    internal bool IsModel => Roles.Contains(Model);

    internal string[] SeedAddresses => [.. Seeds.Select(s => $"akka.tcp://{System}@{s}")];
}
