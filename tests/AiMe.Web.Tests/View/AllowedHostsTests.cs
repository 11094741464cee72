using System.Net;
using AiMe.Web.View;
using AiMe.Web.View.Security;
using Microsoft.AspNetCore.Http;

namespace AiMe.Web.Tests.View;

/// <summary>Under which names the server of <c>aime view</c> may be asked.</summary>
public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("127.0.0.1:7463", true)]
    [InlineData("localhost:7463", true)]
    [InlineData("[::1]:7463", true)]
    [InlineData("localhost", false)]
    [InlineData("lab.example", true)] // a proxy at its scheme's usual port, which browsers leave out
    [InlineData("lab.example:7463", true)]
    [InlineData("lab.example:8443", false)]
    [InlineData("other.example:8443", true)]
    [InlineData("other.example", false)]
    [InlineData("other.example:7463", false)]
    [InlineData("evil.example:7463", false)]
    [InlineData("", false)]
    public void A_host_is_admitted_if_it_is_the_servers_own_or_was_allowed_by_name(string host, bool admitted) =>
        Hosts.Admits(new HostString(host)).ShouldBe(admitted);

    [Theory]
    [InlineData("https://lab.example", true)]
    [InlineData("http://localhost:7463", true)]
    [InlineData("http://localhost:1", false)]
    [InlineData("https://lab.example.evil.example", false)]
    [InlineData("null", false)]
    [InlineData("file://lab.example", false)]
    public void An_origin_is_admitted_if_its_host_is(string origin, bool admitted) => Hosts.AdmitsOrigin(origin).ShouldBe(admitted);

    private static AllowedHosts Hosts { get; } =
        AllowedHosts.Of(new ViewOptions(IPAddress.Loopback, 7463, Parallel: 1, ["lab.example", "other.example:8443"]), 7463);
}
