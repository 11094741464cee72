using System.Collections.Immutable;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tokens;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Models;

/// <summary>The checkpoints that descend from one base model of nano.</summary>
public sealed class NanoFamily : IServedFamily
{
    private readonly Tokenizer _tokenizer;
    private readonly NanoPrompt _prompts;
    private readonly NanoModels _models;
    private readonly NanoProvider _provider;

    /// <summary>A family over its checkpoints.</summary>
    public NanoFamily(string generation0, Tokenizer tokenizer, NanoConfig config, ICheckpoints checkpoints)
    {
        ArgumentNullException.ThrowIfNull(config);
        (Generation0, _tokenizer, Context) = (generation0, tokenizer, config.Context);
        _prompts = new NanoPrompt(tokenizer, config.Context);
        _models = new NanoModels(config, checkpoints);
        _provider = new NanoProvider(tokenizer, _models, _prompts, checkpoints);
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
    public int[] Encode(string text) => _tokenizer.Encode(text);

    // The vocabulary of a model may be larger than that of its tokenizer.
    /// <inheritdoc />
    public byte[] BytesOf(int token) => token < _tokenizer.VocabularySize ? _tokenizer.DecodeBytes([token]) : [];

    /// <inheritdoc />
    public Task<Model> ModelAsync(string checkpoint, CancellationToken cancellationToken) =>
        _models.GetAsync(checkpoint, cancellationToken);

    /// <inheritdoc />
    public Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken) =>
        _provider.TrainAsync(job, cancellationToken);
}
