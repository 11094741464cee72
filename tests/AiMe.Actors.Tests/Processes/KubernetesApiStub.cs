using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiMe.Actors.Tests.Processes;

/// <summary>A pod as the API lists it.</summary>
internal sealed record Pod(string Ip, string App, string Phase = "Running");

/// <summary>The one answer of a Kubernetes API server that a node needs, over HTTPS: the pods of a namespace with a label. It refuses whoever has not the service account's token.</summary>
internal sealed class KubernetesApiStub : IAsyncDisposable
{
    private const string Namespace = "research";

    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly Pod[] _pods;
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly WebApplication _app;

    private KubernetesApiStub(Pod[] pods)
    {
        _pods = pods;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, at => at.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Requests that were not those of a node, with the reason.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    /// <summary>The selectors that nodes asked for.</summary>
    public ConcurrentQueue<string> Selectors { get; } = [];

    /// <summary>The variables that Kubernetes sets in every container.</summary>
    public string[] Environment => ["KUBERNETES_SERVICE_HOST=127.0.0.1", $"KUBERNETES_SERVICE_PORT={new Uri(_app.Urls.Single()).Port}"];

    public static async Task<KubernetesApiStub> StartAsync(params Pod[] pods)
    {
        var stub = new KubernetesApiStub(pods);
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Writes the files of the service account, as they are in every container.</summary>
    public void WriteAccount(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "token"), _token);
        File.WriteAllText(Path.Combine(directory, "namespace"), Namespace);
        File.WriteAllText(Path.Combine(directory, "ca.crt"), _certificate.ExportCertificatePem());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, answer) = (context.Request, context.Response);
        if (request.Headers.Authorization != $"Bearer {_token}")
            await RefuseAsync(HttpStatusCode.Unauthorized, $"{request.Headers.Authorization}");
        else if (request.Method != "GET" || request.Path != $"/api/v1/namespaces/{Namespace}/pods")
            await RefuseAsync(HttpStatusCode.Forbidden, $"{request.Method} {request.Path}");
        else
        {
            var selector = request.Query["labelSelector"].ToString();
            Selectors.Enqueue(selector);
            answer.ContentType = "application/json";
            await answer.WriteAsync(
                JsonSerializer.Serialize(
                    new
                    {
                        kind = "PodList",
                        apiVersion = "v1",
                        metadata = new { resourceVersion = "1" },
                        items = _pods.Where(pod => $"app={pod.App}" == selector).Select(Item),
                    }
                )
            );
        }

        async Task RefuseAsync(HttpStatusCode code, string found)
        {
            Refused.Enqueue($"{(int)code}: {found}");
            answer.StatusCode = (int)code;
            await answer.WriteAsync("""{"kind":"Status","apiVersion":"v1","status":"Failure"}""");
        }
    }

    private static object Item(Pod pod) =>
        new
        {
            metadata = new
            {
                name = $"{pod.App}-{pod.Ip}",
                @namespace = Namespace,
                labels = new { app = pod.App },
            },
            spec = new { containers = new[] { new { name = pod.App, ports = new[] { new { name = "akka", containerPort = 4053 } } } } },
            status = new { phase = pod.Phase, podIP = pod.Ip },
        };

    // Its own authority.
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
    }
}
