using System.Collections.Concurrent;
using AiMe.Faculties.Memory;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tests;

/// <summary>A chat model that says what it is told to.</summary>
internal sealed class StubChat : IChatClient
{
    public Func<IReadOnlyList<ChatMessage>, ChatOptions, string> Says { get; set; } = (_, _) => "I am AiMe. I like to learn.";

    public ChatFinishReason Finish { get; set; } = ChatFinishReason.Stop;

    public AdditionalPropertiesDictionary? Properties { get; set; } = new() { [Parts.Nats] = -8.0 };

    public ConcurrentQueue<(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)> Asked { get; } = [];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Enqueue(([.. messages], options!));
        return Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, Says([.. messages], options!)))
            {
                FinishReason = Finish,
                Usage = new UsageDetails { OutputTokenCount = 7 },
                AdditionalProperties = Properties,
            }
        );
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}

/// <summary>A scorer that finds what it is told to; minus one nat a word otherwise.</summary>
internal sealed class StubScorer : ITextScorer
{
    private int _calls;

    public Func<string, IReadOnlyList<ChatMessage>, string, TextScore> Finds { get; set; } =
        (_, _, text) => new TextScore(-text.Split(' ').Length, text.Split(' ').Length);

    public int Calls => _calls;

    public Task<IReadOnlyList<TextScore>> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        return Task.FromResult<IReadOnlyList<TextScore>>([.. continuations.Select(c => Finds(model, messages, c))]);
    }
}

/// <summary>A trainer that gives what it is told to.</summary>
internal sealed class StubTuner : IFineTuner
{
    public Func<FineTuningJob, FineTuned> Trains { get; set; } =
        _ => new FineTuned("tuned", 640, [3, 2.5, 2, 2, 1.5, 1.5, 1, 1, 1, 0.5], Passes: 30);

    public FineTuningJob? Job { get; private set; }

    public Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken)
    {
        Job = job;
        return Task.FromResult(Trains(job));
    }
}

/// <summary>An index that is down.</summary>
internal sealed class BrokenIndex : IMemoryIndex
{
    public Task<System.Collections.Immutable.ImmutableArray<System.Collections.Immutable.ImmutableArray<Hit>>> SearchAsync(
        MemoryView view,
        System.Collections.Immutable.ImmutableArray<Faculties.Embedding> queries,
        CancellationToken cancellationToken
    ) => throw new ProviderException("the index is down");
}
