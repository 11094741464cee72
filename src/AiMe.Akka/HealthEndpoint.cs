using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiMe.Akka;

/// <summary>Answers a container's questions: <c>GET /live</c>, whether this node works, and <c>GET /ready</c>, whether it also is a member of its cluster and has its journal. 200 or 503, and what was found as JSON.</summary>
internal sealed class HealthEndpoint : IDisposable
{
    /// <summary>The tags of the checks that each question runs.</summary>
    public const string Live = "live", Ready = "ready";

    private readonly HttpListener _listener = new();
    private readonly HealthCheckService _checks;

    private HealthEndpoint(HealthCheckService checks) => _checks = checks;

    /// <summary>Begins to answer.</summary>
    /// <exception cref="HttpListenerException">The port is taken.</exception>
    public static HealthEndpoint Open(string host, int port, HealthCheckService checks)
    {
        var endpoint = new HealthEndpoint(checks);
        endpoint._listener.Prefixes.Add($"http://{(host is "0.0.0.0" or "::" ? "+" : host)}:{port}/");
        endpoint._listener.Start();
        _ = endpoint.AnswerAsync();
        return endpoint;
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // whoever asked has gone, or this has
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext asked)
    {
        using var answer = asked.Response;
        var tag = asked.Request.Url?.AbsolutePath switch { "/live" => Live, "/ready" => Ready, _ => null };
        if (tag is null || asked.Request.HttpMethod != "GET")
        {
            answer.StatusCode = (int)(tag is null ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed);
            return;
        }

        var found = await _checks.CheckHealthAsync(check => check.Tags.Contains(tag));
        answer.StatusCode = (int)(found.Status == HealthStatus.Unhealthy ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        answer.ContentType = "application/json";
        await answer.OutputStream.WriteAsync(Body(found));
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
                json.WriteString(name, $"{check.Status.ToString().ToLowerInvariant()}{(check.Description is { Length: > 0 } why ? $": {why}" : "")}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return [.. bytes.ToArray(), .. Encoding.UTF8.GetBytes("\n")];
    }
}
