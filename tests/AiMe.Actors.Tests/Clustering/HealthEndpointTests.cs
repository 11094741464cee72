using System.Net;
using System.Net.Sockets;
using AiMe.Actors.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>The health endpoint over HTTP, without a node behind it.</summary>
public sealed class HealthEndpointTests
{
    [SkippableTheory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "[::1]")]
    [InlineData("::", "[::1]")]
    public async Task The_endpoint_answers_at_IPv4_and_at_IPv6(string host, string asked)
    {
        Skip.If(host.Contains(':', StringComparison.Ordinal) && !HasIPv6(), "this machine has no IPv6 loopback address");
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddHealthChecks()
            .AddCheck("works", () => HealthCheckResult.Healthy(), [HealthEndpoint.Live])
            .AddCheck("broken", () => HealthCheckResult.Unhealthy("away"), [HealthEndpoint.Ready])
            .Services.BuildServiceProvider();
        var port = Processes.Cluster.FreePorts(1)[0];
        using var endpoint = HealthEndpoint.Open(host, port, services.GetRequiredService<HealthCheckService>());
        using var client = new HttpClient { BaseAddress = new Uri($"http://{asked}:{port}") };

        (await client.GetStringAsync(new Uri("/healthz/live", UriKind.Relative))).ShouldBe(
            "{\"status\":\"healthy\",\"checks\":{\"works\":\"healthy\"}}\n"
        );
        (await client.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static bool HasIPv6()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.IPv6Loopback, 0);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
