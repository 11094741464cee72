using System.Collections.Immutable;
using System.Net;
using AiMe.Models;

namespace AiMe.Serve;

/// <summary>Where and how <c>aime serve</c> serves.</summary>
/// <param name="Address">The address to bind; anything but loopback needs a key.</param>
/// <param name="Port">TCP port; 0 for any free one.</param>
/// <param name="Directory">Holds files, jobs and the checkpoints of jobs; one server at a time.</param>
public sealed record ServeOptions(IPAddress Address, int Port, string Directory)
{
    /// <summary>The usual port.</summary>
    public const int UsualPort = 7464;

    /// <summary>The learning rate of all weights, as experiments have it.</summary>
    public const double UsualRate = 0.001;

    /// <summary>The learning rate of an adapter, as experiments have it.</summary>
    public const double UsualAdapterRate = 0.005;

    /// <summary>Further Host headers under which it may be asked, such as that of a reverse proxy.</summary>
    public ImmutableArray<string> HostNames { get; init; } = [];

    /// <summary>The key that every request needs; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Requests that compute at once, 1 or more.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Requests that wait for their turn; further ones are answered with 429.</summary>
    public int Waiting { get; init; } = 64;

    /// <summary>Greatest length of a JSON body, bytes.</summary>
    public long LargestBody { get; init; } = 8 << 20;

    /// <summary>Greatest length of an uploaded file, bytes.</summary>
    public long LargestFile { get; init; } = 64 << 20;

    /// <summary>The only folder that adapters are loaded from; null if none may be loaded.</summary>
    public string? Adapters { get; init; }

    /// <summary>The learning rate of jobs, which they multiply.</summary>
    public double LearningRate { get; init; } = UsualRate;

    /// <summary>The adapter that jobs train in place of all weights; null for all weights.</summary>
    public AdapterSize? Adapter { get; init; }

    /// <summary>Whether other machines can reach the server.</summary>
    public bool IsExposed => !IPAddress.IsLoopback(Address);
}
