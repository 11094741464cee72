using AiMe.Models;
using AiMe.Nano;
using AiMe.Serve.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

/// <summary>A family whose trainings wait until they are let go, so that a test can act in the middle of one.</summary>
internal sealed class HeldFamily(IServedFamily inner) : IServedFamily
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _free = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Begun => _begun.Task;

    public int Trainings { get; private set; }

    public string Generation0 => inner.Generation0;

    public int Context => inner.Context;

    public IReadOnlyList<int> Stop => inner.Stop;

    public void LetGo() => _free.TrySetResult();

    public ChatTokens Chat(IReadOnlyList<ChatMessage> messages, TextTask task, int room) => inner.Chat(messages, task, room);

    public int[] Continuation(string text) => inner.Continuation(text);

    public int[] Encode(string text) => inner.Encode(text);

    public byte[] BytesOf(int token) => inner.BytesOf(token);

    public Task<Model> ModelAsync(string checkpoint, CancellationToken cancellationToken) =>
        inner.ModelAsync(checkpoint, cancellationToken);

    public async Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken)
    {
        Trainings++;
        _begun.TrySetResult();
        await _free.Task.WaitAsync(cancellationToken);
        return await inner.TrainAsync(job, cancellationToken);
    }
}
