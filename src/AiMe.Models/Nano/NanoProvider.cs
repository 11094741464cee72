using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Nano;

/// <summary>
/// The embedded model behind the ecosystem's chat interface and this project's interfaces for scoring and training.
/// </summary>
public sealed class NanoProvider(NanoModels models, TokenPrompt format, ICheckpoints checkpoints)
    : IChatClient,
        ITextScorer,
        IModelInspector,
        IFineTuner
{
    private const int AtOnce = 64;

    /// <summary>Samples the text that follows the messages.</summary>
    /// <remarks>
    /// Options: model id, temperature, top-k, top-p, output tokens, seed, and <see cref="Parts.Task"/>.
    /// </remarks>
    /// <exception cref="ProviderException">No model id, or the prompt does not fit the context.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var id = options?.ModelId ?? throw new ProviderException("nano needs the id of a checkpoint in ChatOptions.ModelId.");
        var model = await models.GetAsync(id, cancellationToken);
        var room = options.MaxOutputTokens ?? 64;
        var task =
            options.AdditionalProperties?.TryGetValue(Parts.Task, out var wanted) == true && wanted is TextTask t ? t : TextTask.Answer;
        var (prompt, leftOut) = format.Fit([.. messages], task, room);
        var generation = model.Generate(prompt, Sampling(options, room), unchecked((ulong)(options.Seed ?? 0)));
        var said = format.Decode(generation.Tokens).Trim();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, said))
        {
            ModelId = id,
            FinishReason = generation.Finish == FinishReason.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length,
            Usage = new UsageDetails
            {
                InputTokenCount = prompt.Length,
                OutputTokenCount = generation.Tokens.Count,
                TotalTokenCount = prompt.Length + generation.Tokens.Count,
            },
            AdditionalProperties = new AdditionalPropertiesDictionary
            {
                [Parts.Nats] = generation.LogProbabilities.Sum(),
                [Parts.LeftOut] = leftOut,
            },
        };
    }

    /// <summary>The whole text as one update.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<TextScore>> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        CancellationToken cancellationToken
    )
    {
        var nano = await models.GetAsync(model, cancellationToken);
        var tokens = continuations.Select(format.Continuation).ToArray();
        var prefix = nano.Prefill(format.Encode(messages, TextTask.Answer, tokens.Max(t => t.Length)));
        // An empty text has no probability; the others are scored together over the shared prefix.
        var scores = nano.Score(prefix, [.. tokens.Where(t => t.Length > 0)]);
        var next = 0;
        return [.. tokens.Select(t => t.Length == 0 ? new TextScore(0, 0) : new TextScore(scores[next++].Sum(), t.Length))];
    }

    /// <inheritdoc />
    public ImmutableArray<int> LeftOut(IReadOnlyList<ChatMessage> messages, IReadOnlyList<string> continuations) =>
        format.Fit(messages, TextTask.Answer, continuations.Max(c => format.Continuation(c).Length)).LeftOut;

    /// <inheritdoc />
    public IReadOnlyList<int> Tokens(string text) => format.Continuation(text);

    /// <inheritdoc />
    public async Task<IReadOnlyList<ScoredSample>> SampleAsync(
        string model,
        IReadOnlyList<IReadOnlyList<ChatMessage>> prompts,
        int maxTokens,
        IReadOnlyList<ulong> seeds,
        CancellationToken cancellationToken,
        double temperature = 1,
        double topP = 1
    )
    {
        var nano = await models.GetAsync(model, cancellationToken);
        SamplingOptions sampling = new()
        {
            Temperature = temperature,
            TopP = topP,
            MaxTokens = maxTokens,
            Stop = format.Stop,
        };
        // A prompt's cache is large in a large model: no more are read than are continued side by side.
        List<GeneratedText> texts = [];
        foreach (var part in Enumerable.Range(0, prompts.Count).Chunk(Math.Max(AtOnce, Model.Together(nano.Config))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Prefix[] prefixes = [.. part.Select(i => nano.Prefill(format.Encode(prompts[i], TextTask.Answer, maxTokens)))];
            texts.AddRange(nano.Generate(prefixes, sampling, [.. part.Select(i => seeds[i])]));
        }

        return
        [
            .. texts.Select(t => new ScoredSample(format.Decode(t.Tokens).Trim(), new TextScore(t.LogProbabilities.Sum(), t.Tokens.Count))),
        ];
    }

    /// <inheritdoc />
    public async Task<NextTokens> DistributionsAsync(string model, IReadOnlyList<ChatMessage> exchange, CancellationToken cancellationToken)
    {
        var nano = await models.GetAsync(model, cancellationToken);
        var (tokens, from) = Answered(exchange);
        return new NextTokens([.. tokens.AsSpan(from)], nano.Distributions(tokens, from));
    }

    /// <inheritdoc />
    public async Task<double[]> MeanStreamAsync(string model, IReadOnlyList<ChatMessage> exchange, CancellationToken cancellationToken)
    {
        var nano = await models.GetAsync(model, cancellationToken);
        var (tokens, from) = Answered(exchange);
        return nano.MeanStream(tokens, from, (nano.Config.Layers + 1) / 2);
    }

    // An exchange in tokens, and where its answer begins.
    private (int[] Tokens, int From) Answered(IReadOnlyList<ChatMessage> exchange)
    {
        var answer = format.Continuation(exchange[^1].Text);
        var prompt = format.Encode([.. exchange.Take(exchange.Count - 1)], TextTask.Answer, answer.Length);
        return ([.. prompt, .. answer], prompt.Length);
    }

    /// <inheritdoc />
    public async Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken)
    {
        var trained = NanoTraining.Run(await models.GetAsync(job.Start, cancellationToken), job, format, cancellationToken);
        var id = await checkpoints.SaveAsync(trained.File, cancellationToken);
        models.Add(id, trained.Model);
        return new FineTuned(id, trained.Tokens, [.. trained.Losses], trained.Passes);
    }

    object? IChatClient.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("aime.nano")
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    void IDisposable.Dispose()
    {
        // The owner disposes of the models.
    }

    private SamplingOptions Sampling(ChatOptions options, int room) =>
        new()
        {
            Temperature = options.Temperature ?? 1,
            TopK = options.TopK ?? 0,
            TopP = options.TopP ?? 1,
            MaxTokens = room,
            Stop = format.Stop,
        };
}
