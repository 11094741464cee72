using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiMe.Models.Embeddings;
using AiMe.Models.Tests.Nano;
using AiMe.Serve.Embeddings;
using AiMe.Serve.Models;

namespace AiMe.Serve.Tests;

/// <summary>A server over an untrained model of the smallest shape, and a client of it.</summary>
internal sealed class Served : IAsyncDisposable
{
    public const string Model = "nano-test";
    private readonly bool _ownsDirectory;

    private Served(ServeServer server, SmallNano nano, ServedCheckpoints checkpoints, ServeOptions options, bool ownsDirectory)
    {
        (Server, Nano, Checkpoints, Options, _ownsDirectory) = (server, nano, checkpoints, options, ownsDirectory);
        Client = new HttpClient { BaseAddress = new Uri(server.Address.GetLeftPart(UriPartial.Authority)) };
    }

    public ServeServer Server { get; }

    public SmallNano Nano { get; }

    public ServedCheckpoints Checkpoints { get; }

    public ServeOptions Options { get; }

    public HttpClient Client { get; }

    public static async Task<Served> StartAsync(
        Func<ServeOptions, ServeOptions>? change = null,
        string? directory = null,
        Func<IServedFamily, IServedFamily>? family = null
    )
    {
        var nano = new SmallNano();
        var place = directory ?? Directory.CreateTempSubdirectory("aime-serve-").FullName;
        var options = new ServeOptions(IPAddress.Loopback, 0, place);
        options = change?.Invoke(options) ?? options;
        var checkpoints = new ServedCheckpoints(Path.Combine(place, "checkpoints"), nano.Checkpoints);
        IServedFamily of = new NanoFamily(nano.Base, nano.Prompts, nano.Config, checkpoints);
        of = family?.Invoke(of) ?? of;
        var embedders = new Dictionary<string, ServedEmbedder>(StringComparer.Ordinal)
        {
            ["hash"] = new(new HashEmbedder([]), text => of.Encode(text).Length),
        };
        var server = await ServeServer.StartAsync(
            new ModelCatalog([new ServedModel(Model, of.Generation0, of, 7)], find: null),
            checkpoints,
            embedders,
            options,
            TimeProvider.System,
            default
        );
        return new Served(server, nano, checkpoints, options, ownsDirectory: directory is null);
    }

    public Task<Reply> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public async Task<string> UploadAsync(string lines, string purpose = "fine-tune")
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(purpose), "purpose" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(lines)), "file", "train.jsonl" },
        };
        return (await SendAsync(HttpMethod.Post, "/v1/files", form)).Ok().GetProperty("id").GetString()!;
    }

    /// <summary>Asks for a job until it has ended.</summary>
    public async Task<JsonElement> EndedAsync(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var job = (await GetAsync($"/v1/fine_tuning/jobs/{id}")).Ok();
            if (job.GetProperty("status").GetString() is "succeeded" or "failed" or "cancelled")
                return job;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        if (_ownsDirectory)
            Directory.Delete(Options.Directory, recursive: true);
    }
}

/// <summary>An answer of the server.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }

    /// <summary>The error, which must have OpenAI's shape.</summary>
    public (string Message, string? Param, string? Code) Refused(int status)
    {
        ((int)Status).ShouldBe(status, Text);
        var error = Json.GetProperty("error");
        error.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        return (error.GetProperty("message").GetString()!, error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }

    /// <summary>The objects of a stream, which must end with [DONE].</summary>
    public ImmutableArray<JsonElement> Events()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        var lines = Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(l => l.StartsWith("data: ", StringComparison.Ordinal));
        lines[^1].ShouldBe("data: [DONE]");
        return [.. lines[..^1].Select(l => JsonDocument.Parse(l["data: ".Length..]).RootElement)];
    }
}
