using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace AiMe.Console.Doctor;

/// <summary>Checks that a hosted provider answers. Only this check uses the network, and only on request.</summary>
internal sealed class ProviderCheck : ICheck
{
    private const string Key = "OPENAI_API_KEY";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (subject is not { Provider: { } provider, BaseUrl: { } url })
            yield break;
        yield return await CallAsync(provider, url, cancellationToken);
    }

    // Lists the models: a free call that needs the key.
    private static async Task<CheckResult> CallAsync(string provider, Uri url, CancellationToken cancellationToken)
    {
        var models = new Uri($"{url.AbsoluteUri.TrimEnd('/')}/models");
        try
        {
            using var client = new HttpClient { Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, models);
            if (Environment.GetEnvironmentVariable(Key)?.Trim() is { Length: > 0 } key)
            {
                if (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)
                    return new(
                        provider,
                        Health.Bad,
                        $"{url} is not encrypted and not on this machine, so the key was not sent",
                        "use an https address, or a server on this machine"
                    );
                if (key.Any(char.IsControl))
                    return new(
                        provider,
                        Health.Bad,
                        $"{Key} contains a control character, so no request was sent",
                        $"set {Key} to the key only"
                    );
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new(provider, Health.Good, $"{models} answers"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                    provider,
                    Health.Bad,
                    $"{models} answers {(int)response.StatusCode}: the key was refused",
                    $"set {Key} in the environment"
                ),
                var other => new(provider, Health.Bad, $"{models} answers {(int)other}", "check --base-url, which usually ends in /v1"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new(
                provider,
                Health.Bad,
                $"{models} cannot be reached: {(e is TaskCanceledException ? $"no answer in {Patience.TotalSeconds:0} s" : e.Message)}",
                "check --base-url, and that this machine can reach it"
            );
        }
    }
}
