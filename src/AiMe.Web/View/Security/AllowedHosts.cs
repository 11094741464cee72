using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Http;

namespace AiMe.Web.View.Security;

/// <summary>The names under which this server may be asked.</summary>
/// <remarks>
/// A page of another site can have its own name resolve to 127.0.0.1 and then read this server as if it were its own (DNS
/// rebinding). Its requests carry that name, so they are told apart by it.
/// </remarks>
/// <param name="names">Host names and addresses without a port, in the form of a Host header: asked at the bound port.</param>
/// <param name="given">Whole Host headers that were allowed by name, such as those of a proxy, with or without its port.</param>
/// <param name="port">The bound port.</param>
internal sealed class AllowedHosts(ImmutableHashSet<string> names, ImmutableHashSet<string> given, int port)
{
    /// <summary>The hosts of a server.</summary>
    public static AllowedHosts Of(ViewOptions options, int port)
    {
        var names = options.HostNames.AsEnumerable();
        if (IPAddress.IsLoopback(options.Address))
            names = names.Concat(["127.0.0.1", "localhost", "[::1]"]);
        else if (options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any))
            names = names.Concat(["127.0.0.1", "localhost", "[::1]", Dns.GetHostName()]).Concat(OwnAddresses());
        else
            names = names.Append(InUrl(options.Address));
        return new AllowedHosts(Set(names), Set(options.HostNames), port);
    }

    /// <summary>Whether a Host header names this server.</summary>
    public bool Admits(HostString host) =>
        host.HasValue && (names.Contains(host.Host) && (host.Port ?? 80) == port || given.Contains(host.Value));

    /// <summary>Whether an Origin header names this server: scheme, host and port.</summary>
    public bool AdmitsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && Admits(new HostString(uri.Authority));

    /// <summary>An address as it stands in a URL.</summary>
    public static string InUrl(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    /// <summary>The names, for messages.</summary>
    public string Words => string.Join(", ", names.Except(given).Select(n => $"{n}:{port}").Concat(given).Order(StringComparer.Ordinal));

    private static ImmutableHashSet<string> Set(IEnumerable<string> names) => names.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> OwnAddresses() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => InUrl(new IPAddress(a.Address.GetAddressBytes())));
}
