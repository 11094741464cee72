using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Discovery;

namespace AiMe.Actors.Clustering;

/// <summary>Finds pods through the Kubernetes API, with the service account of this pod.</summary>
/// <remarks>
/// The name that is looked up is a label selector. A pod counts if it runs, has an address and is not being deleted.
/// Akka creates this class by name.
/// </remarks>
public sealed class PodDiscovery : ServiceDiscovery
{
    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";

    private readonly Uri _pods;
    private readonly HttpClient _client;

    /// <param name="system">The actor system that looks for pods.</param>
    /// <exception cref="InvalidOperationException">This process is not in a pod.</exception>
    /// <exception cref="IOException">The files of the service account cannot be read.</exception>
    public PodDiscovery(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (Environment.GetEnvironmentVariable(PodOptions.HostVariable) is not { Length: > 0 } host)
            throw new InvalidOperationException(
                $"this process is not in a pod of Kubernetes: ${PodOptions.HostVariable} is not set; name the other nodes instead"
            );
        var port = Environment.GetEnvironmentVariable(PodOptions.PortVariable) ?? "443";
        var api = new UriBuilder(Uri.UriSchemeHttps, host, int.Parse(port, CultureInfo.InvariantCulture));
        _pods = new Uri(api.Uri, $"/api/v1/namespaces/{Uri.EscapeDataString(Read("namespace"))}/pods");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(Read("ca.crt"));
        _client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy }, UseProxy = false });
        system.RegisterOnTermination(_client.Dispose);
    }

    /// <inheritdoc />
    /// <exception cref="HttpRequestException">The API cannot be reached, or refuses.</exception>
    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        using var patience = new CancellationTokenSource(resolveTimeout);
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"{_pods}?labelSelector={Uri.EscapeDataString(lookup.ServiceName)}")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Read("token")); // read each time: Kubernetes replaces it
        using var answer = await _client.SendAsync(request, patience.Token);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"The Kubernetes API at {_pods} answered {(int)answer.StatusCode}"
                    + (
                        answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
                            ? ": the pod's service account needs a role that may list pods"
                            : ""
                    ),
                null,
                answer.StatusCode
            );
        var found = await answer.Content.ReadFromJsonAsync(PodJson.Default.PodList, patience.Token);
        return new Resolved(
            lookup.ServiceName,
            [
                .. (found?.Items ?? [])
                    .Where(pod => pod is { Status.Phase: "Running", Metadata.DeletionTimestamp: null })
                    .Select(pod => IPAddress.TryParse(pod.Status!.PodIP, out var address) ? address : null)
                    .OfType<IPAddress>()
                    .Select(address => new ResolvedTarget(address.ToString(), port: null, address)),
            ]
        );
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Account, file)).Trim();
}

/// <summary>The parts of a list of pods that matter here.</summary>
internal sealed record PodList(ImmutableArray<PodItem>? Items);

/// <summary>A pod.</summary>
internal sealed record PodItem(PodMetadata? Metadata, PodStatus? Status);

/// <summary>A pod's metadata.</summary>
/// <param name="DeletionTimestamp">When it is to be deleted; null if it is not.</param>
internal sealed record PodMetadata(string? DeletionTimestamp);

/// <summary>A pod's status.</summary>
internal sealed record PodStatus(string? Phase, string? PodIP);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PodList))]
internal sealed partial class PodJson : JsonSerializerContext;
