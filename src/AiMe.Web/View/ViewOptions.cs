using System.Collections.Immutable;
using System.Net;

namespace AiMe.Web.View;

/// <summary>Where and how <c>aime view</c> serves.</summary>
/// <param name="Address">The address to bind; anything but loopback demands the token for every page.</param>
/// <param name="Port">TCP port; 0 for any free one.</param>
/// <param name="Parallel">Threads for model work when this process hosts instances.</param>
/// <param name="HostNames">Further host names under which a browser may ask, such as that of a reverse proxy.</param>
public sealed record ViewOptions(IPAddress Address, int Port, int Parallel, ImmutableArray<string> HostNames)
{
    /// <summary>The usual port.</summary>
    public const int UsualPort = 7463;

    /// <summary>Whether other machines can reach the server.</summary>
    public bool IsExposed => !IPAddress.IsLoopback(Address);
}
