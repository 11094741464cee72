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
internal sealed class HealthEndpoint : IDisposable
{
    /// <summary>Tags of the checks that each path runs.</summary>
    public const string Live = "live",
        Ready = "ready";

    private const string Any = "";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpListener _listener = new();
    private readonly HealthCheckService _checks;

    private HealthEndpoint(HealthCheckService checks) => _checks = checks;

    /// <summary>Opens the endpoint and starts to answer.</summary>
    /// <exception cref="HttpListenerException">The port is taken.</exception>
    public static HealthEndpoint Open(string host, int port, HealthCheckService checks)
    {
        var endpoint = new HealthEndpoint(checks);
        endpoint._listener.Prefixes.Add($"http://{HostPart(host)}:{port}/");
        endpoint._listener.Start();
        _ = endpoint.AnswerAsync();
        return endpoint;
    }

    public void Dispose() => _listener.Close();

    private static string HostPart(string host) =>
        host switch
        {
            "0.0.0.0" or "::" => "+",
            _ when host.Contains(':') => $"[{host}]", // an IPv6 address
            _ => host,
        };

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync()); // not awaited: a slow check must not delay other requests
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // closed
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var answer = context.Response;
            await AnswerAsync(context, answer);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // the client has closed the connection
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, HttpListenerResponse answer)
    {
        var tag = context.Request.Url?.AbsolutePath switch
        {
            "/healthz/live" => Live,
            "/healthz/ready" => Ready,
            "/healthz" => Any,
            _ => null,
        };
        if (tag is null || context.Request.HttpMethod != "GET")
        {
            answer.StatusCode = (int)(tag is null ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed);
            return;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var found = await _checks.CheckHealthAsync(check => tag == Any || check.Tags.Contains(tag), patience.Token);
            answer.StatusCode = (int)(found.Status == HealthStatus.Unhealthy ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
            answer.ContentType = "application/json";
            await answer.OutputStream.WriteAsync(Body(found));
        }
        catch (OperationCanceledException)
        {
            answer.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
        }
    }

    private static byte[] Body(HealthReport found)
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

        return [.. bytes.ToArray(), .. Encoding.UTF8.GetBytes("\n")];
    }
}
