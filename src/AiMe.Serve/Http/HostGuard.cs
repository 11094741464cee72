using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>Refuses requests under other host names and those of pages of other sites.</summary>
/// <remarks>
/// A page of another site can have its own name resolve to 127.0.0.1 (DNS rebinding), and can post to this server without being
/// able to read the answer. Both carry a foreign name in Host or Origin. There is no CORS: no page of another origin may read.
/// </remarks>
internal sealed class HostGuard
{
    private readonly ImmutableHashSet<string> _hosts;

    /// <summary>The names of a server at its bound port.</summary>
    public HostGuard(ServeOptions options, int port)
    {
        string[] loopback = ["127.0.0.1", "localhost", "[::1]"];
        var names =
            IPAddress.IsLoopback(options.Address) ? loopback
            : options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any)
                ? [.. loopback, Dns.GetHostName(), .. OwnAddresses()]
            : [InUrl(options.Address)];
        _hosts = names.Select(n => $"{n}:{port}").Concat(options.HostNames).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Checks a request.</summary>
    /// <exception cref="ApiException">It is refused.</exception>
    public void Check(HttpRequest request)
    {
        if (!_hosts.Contains(request.Host.Value ?? ""))
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                $"Refused: found another host name in the request, expected one of {Words}. Behind a proxy, give its name to "
                    + "`aime serve` as --allow-host.",
                code: "host_not_allowed"
            );
        if (request.Headers.Origin is { Count: > 0 } origins && !origins.All(IsOwn))
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                "Refused: the request comes from a page of another origin.",
                code: "origin_not_allowed"
            );
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                "Refused: the request comes from a page of another site.",
                code: "origin_not_allowed"
            );
    }

    /// <summary>An address as it stands in a URL.</summary>
    public static string InUrl(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private string Words => string.Join(", ", _hosts.Order(StringComparer.Ordinal));

    private bool IsOwn(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && (_hosts.Contains(uri.Authority) || _hosts.Contains($"{uri.Authority}:80"));

    private static IEnumerable<string> OwnAddresses() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => InUrl(new IPAddress(a.Address.GetAddressBytes())));
}
