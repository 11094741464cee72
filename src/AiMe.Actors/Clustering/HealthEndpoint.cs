using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiMe.Actors.Clustering;

/// <summary>Answers the health probes of a container over HTTP.</summary>
/// <remarks>
/// <c>GET /healthz/live</c> tests whether this node works, <c>GET /healthz/ready</c> whether it is a member of its
/// cluster and reaches its journal, and <c>GET /healthz</c> both. The status is 200 or 503; the body is JSON with the
/// result of each check.
/// </remarks>
internal static class HealthEndpoint
{
    /// <summary>Tags of the checks that each path runs.</summary>
    public const string Live = "live",
        Ready = "ready";

    private const string Any = "";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens the endpoint and starts to answer.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken, or the address is not one of this machine.</exception>
    public static HttpEndpoint Open(string host, int port, HealthCheckService checks) =>
        HttpEndpoint.Open(host, port, (path, cancellationToken) => AnswerAsync(path, checks, cancellationToken));

    private static async Task<HttpAnswer?> AnswerAsync(string path, HealthCheckService checks, CancellationToken cancellationToken)
    {
        var tag = path switch
        {
            "/healthz/live" => Live,
            "/healthz/ready" => Ready,
            "/healthz" => Any,
            _ => null,
        };
        if (tag is null)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var found = await checks.CheckHealthAsync(check => tag == Any || check.Tags.Contains(tag), patience.Token);
            return new HttpAnswer(
                found.Status == HealthStatus.Unhealthy ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK,
                JsonOf(found)
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HttpAnswer(HttpStatusCode.ServiceUnavailable, "");
        }
    }

    private static string JsonOf(HealthReport found)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("status", found.Status.ToString().ToLowerInvariant());
            json.WriteStartObject("checks");
            foreach (var (name, check) in found.Entries)
                json.WriteString(
                    name,
                    $"{check.Status.ToString().ToLowerInvariant()}{(check.Description is { Length: > 0 } why ? $": {why}" : "")}"
                );
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
