using AiMe.EventSourcing;
using AiMe.Journal;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

/// <summary>The world of a hosted model over stubs: no scorer, no trainer, an embedder that is asked.</summary>
internal sealed class HostedStage
{
    private readonly FacultyEffects _effects;

    public HostedStage(int samples = 3) =>
        _effects = new FacultyEffects(Chat, Embedder, new ScanIndex(), Blobs, samples, "run", _ => Trainer, Time);

    public InMemoryBlobs Blobs { get; } = new();

    public StubTrainer Trainer { get; } = new();

    public FakeTime Time { get; } = new();

    public StubChat Chat { get; } = new() { Properties = null };

    public StubEmbedder Embedder { get; } = new();

    public Task<Command> AskAsync(Effect effect) => _effects.RunAsync("kept-1", effect, CancellationToken.None);

    public async Task<T> RunAsync<T>(Effect effect, string instance = "kept-1")
        where T : Command => (await _effects.RunAsync(instance, effect, CancellationToken.None)).ShouldBeOfType<T>();
}

/// <summary>An embedder that says what it is told to; by the lengths of a text's words otherwise.</summary>
internal sealed class StubEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    public Func<string, float[]> Finds { get; set; } = text => [text.Length, text.Split(' ').Length, 1];

    public List<string> Asked { get; } = [];

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Asked.AddRange(values);
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Finds(v)))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
