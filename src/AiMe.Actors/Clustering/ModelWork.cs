using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AiMe.Actors.Clustering;

/// <summary>To a node with the role model: run this effect for an instance on another node.</summary>
/// <param name="Id">Hash of the instance and the effect; equal ids denote the same work.</param>
public sealed record ModelWork(string Id, string Instance, Effect Effect)
{
    /// <summary>The work for an effect. Its id is the same after a restart and on every node.</summary>
    internal static ModelWork Of(string instance, Effect effect, MessageCodec<Effect> wire) =>
        new(
            Convert.ToHexStringLower(
                SHA256.HashData([.. Encoding.UTF8.GetBytes($"{instance}\n{wire.NameOf(effect)}\n"), .. wire.Write(effect)]).AsSpan(0, 16)
            ),
            instance,
            effect
        );
}

/// <summary>Reply to a <see cref="ModelWork"/>.</summary>
/// <param name="Id">Id of the work.</param>
public abstract record ModelWorkReply(string Id);

/// <summary>The work is completed.</summary>
public sealed record ModelWorkDone(string Id, Command Command) : ModelWorkReply(Id);

/// <summary>The work threw an exception: a bug.</summary>
/// <param name="Type">Name of the exception's type.</param>
/// <param name="Message">The exception's message.</param>
public sealed record ModelWorkFailed(string Id, string Type, string Message) : ModelWorkReply(Id);

/// <summary>The effect cannot run now and stays pending.</summary>
/// <param name="Message">The reason.</param>
public sealed record ModelWorkDeferred(string Id, string Message) : ModelWorkReply(Id);

/// <summary>The node is stopping and starts no new work; if asked again, another node answers.</summary>
public sealed record ModelWorkDeclined(string Id) : ModelWorkReply(Id);

/// <summary>
/// Maps model work to its instance, so that all work of an instance goes to one node, which keeps its models in memory.
/// </summary>
internal sealed class ModelWorkExtractor() : HashCodeMessageExtractor(Hosting.InstanceExtractor.Shards)
{
    /// <inheritdoc />
    public override string? EntityId(object message) => message is ModelWork work ? work.Instance : null;
}

/// <summary>Sends model work to nodes with the role model, and repeats each request until it is answered.</summary>
/// <param name="region">The shard region of the workers.</param>
/// <param name="wire">The effects that can be sent; all others run locally.</param>
internal sealed class RemoteEffects(
    IEffectRunner local,
    IActorRef region,
    MessageCodec<Effect> wire,
    TimeProvider time,
    CancellationToken stopping
) : IEffectRunner
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(3),
        WaitAtMost = TimeSpan.FromSeconds(15),
        DeclinedWait = TimeSpan.FromSeconds(1);

    private int _waiting;

    /// <summary>Whether any work is unanswered.</summary>
    public bool IsWaiting => Volatile.Read(ref _waiting) > 0;

    public Task<Command> RunAsync(string instance, Effect effect) =>
        wire.Has(effect) ? AskAsync(ModelWork.Of(instance, effect, wire)) : local.RunAsync(instance, effect);

    private async Task<Command> AskAsync(ModelWork work)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            var wait = FirstWait;
            while (true)
            {
                switch (await TryAskAsync(work, wait))
                {
                    case ModelWorkDone done:
                        return done.Command;
                    case ModelWorkFailed failed:
                        throw new FailedElsewhereException(failed.Type, failed.Message);
                    case ModelWorkDeferred deferred:
                        throw new StaysOwedException(deferred.Message);
                    case ModelWorkDeclined:
                        await Task.Delay(DeclinedWait, time, stopping);
                        break;
                    default:
                        wait = wait * 2 < WaitAtMost ? wait * 2 : WaitAtMost;
                        break;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    // Null if no answer came in time: a message was lost, a node has left, or the model is still running.
    private async Task<ModelWorkReply?> TryAskAsync(ModelWork work, TimeSpan wait)
    {
        using var patience = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        try
        {
            return await region.Ask<ModelWorkReply>(work, Timeout.InfiniteTimeSpan, either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
    }
}
