using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Models;

/// <summary>The checkpoints that descend from one base model of nano.</summary>
/// <param name="generation0">Id of the base model.</param>
/// <param name="checkpoints">Those of the models; trained ones are stored there.</param>
public sealed class NanoFamily(string generation0, TokenPrompt prompt, NanoModels models, ICheckpoints checkpoints) : IServedFamily
{
    private readonly NanoProvider _provider = new(models, prompt, checkpoints);

    /// <inheritdoc />
    public string Generation0 => generation0;

    /// <inheritdoc />
    public int Context => prompt.Context;

    /// <inheritdoc />
    public IReadOnlyList<int> Stop => prompt.Stop;

    /// <inheritdoc />
    public ChatTokens Chat(IReadOnlyList<ChatMessage> messages, TextTask task, int room)
    {
        var (tokens, leftOut) = prompt.Fit(messages, task, room);
        return new([.. tokens], leftOut);
    }

    /// <inheritdoc />
    public int[] Continuation(string text) => prompt.Continuation(text);

    /// <inheritdoc />
    public int[] Encode(string text) => prompt.Tokenizer.Encode(text);

    // The vocabulary of a model may be larger than that of its tokenizer.
    /// <inheritdoc />
    public byte[] BytesOf(int token) => token < prompt.Tokenizer.VocabularySize ? prompt.Tokenizer.DecodeBytes([token]) : [];

    /// <inheritdoc />
    public Task<Model> ModelAsync(string checkpoint, CancellationToken cancellationToken) => models.GetAsync(checkpoint, cancellationToken);

    /// <inheritdoc />
    public Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken) =>
        _provider.TrainAsync(job, cancellationToken);
}
