using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Models;

/// <summary>The checkpoints that descend from one base model of nano.</summary>
public sealed class NanoFamily : IServedFamily
{
    private readonly TokenPrompt _prompts;
    private readonly NanoModels _models;
    private readonly NanoProvider _provider;

    /// <summary>A family over its checkpoints.</summary>
    /// <param name="bare">Generation 0, if it is among no checkpoints: that of a folder.</param>
    public NanoFamily(string generation0, TokenPrompt prompts, NanoConfig config, ICheckpoints checkpoints, Model? bare = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        (Generation0, _prompts, Context) = (generation0, prompts, config.Context);
        _models = new NanoModels(config, checkpoints, bare: bare);
        _provider = new NanoProvider(_models, _prompts, checkpoints);
    }

    /// <inheritdoc />
    public string Generation0 { get; }

    /// <inheritdoc />
    public int Context { get; }

    /// <inheritdoc />
    public IReadOnlyList<int> Stop => _prompts.Stop;

    /// <inheritdoc />
    public ChatTokens Chat(IReadOnlyList<ChatMessage> messages, TextTask task, int room)
    {
        var (tokens, leftOut) = _prompts.Fit(messages, task, room);
        return new([.. tokens], leftOut);
    }

    /// <inheritdoc />
    public int[] Continuation(string text) => _prompts.Continuation(text);

    /// <inheritdoc />
    public int[] Encode(string text) => _prompts.Tokenizer.Encode(text);

    // The vocabulary of a model may be larger than that of its tokenizer.
    /// <inheritdoc />
    public byte[] BytesOf(int token) => token < _prompts.Tokenizer.VocabularySize ? _prompts.Tokenizer.DecodeBytes([token]) : [];

    /// <inheritdoc />
    public Task<Model> ModelAsync(string checkpoint, CancellationToken cancellationToken) =>
        _models.GetAsync(checkpoint, cancellationToken);

    /// <inheritdoc />
    public Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken) =>
        _provider.TrainAsync(job, cancellationToken);
}
