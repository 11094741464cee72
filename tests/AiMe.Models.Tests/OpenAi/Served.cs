using AiMe.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>A stub and the adapters that speak to it. No wait between tries is waited for.</summary>
public abstract class Served : IAsyncLifetime
{
    protected const string Key = "sk-secret-0123456789";

    protected OpenAiStub Stub { get; private set; } = null!;

    private protected Impatience Time { get; } = new();

    private protected IUsageMeter? Meter { get; init; }

    public async Task InitializeAsync() => Stub = await OpenAiStub.StartAsync();

    public async Task DisposeAsync() => await Stub.DisposeAsync();

    protected OpenAiServer Server(Func<OpenAiOptions, OpenAiOptions>? with = null)
    {
        OpenAiOptions options = new(Stub.BaseUrl) { Retries = 0 };
        return OpenAiServer.Connect(with?.Invoke(options) ?? options, _ => Key, Time, Meter);
    }

    private protected IChatClient Chat(Func<OpenAiOptions, OpenAiOptions>? with = null) => new OpenAiChat(Server(with), "some-model");

    private protected IEmbeddingGenerator<string, Embedding<float>> Embedder(Func<OpenAiOptions, OpenAiOptions>? with = null) =>
        new OpenAiEmbedder(Server(with), "some-embedder");

    private protected static async Task<string> FailureAsync(Func<Task> call)
    {
        var failure = (await Should.ThrowAsync<ProviderException>(call)).Message;
        failure.ShouldNotContain('\n');
        failure.ShouldNotContain("sk-");
        failure.ShouldContain("http://127.0.0.1:");
        failure.ShouldMatch(@"\(model some-[a-z]+\): ");
        failure.ShouldEndWith(".");
        return failure;
    }
}
