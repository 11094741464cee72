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

    [Fact]
    public async Task An_answer_that_fails_is_told_to_the_client()
    {
        var port = Processes.Cluster.FreePorts(1)[0];
        using var endpoint = HttpEndpoint.Open("127.0.0.1", port, (_, _) => throw new InvalidOperationException("it is \"broken\""));
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"));

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        using var told = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        told.RootElement.GetProperty("error").GetString().ShouldBe("it is \"broken\"");
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
