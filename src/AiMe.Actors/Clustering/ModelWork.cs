using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AiMe.Actors.Clustering;

/// <summary>To a node that does model work: run this effect for an instance of another node.</summary>
/// <param name="Id">Names instance and effect to the byte: two of one id are one piece of work.</param>
public sealed record ModelWork(string Id, string Instance, Effect Effect)
{
    /// <summary>
    /// The work of an effect. Whoever asks for the same after a restart, here or elsewhere, asks under the same id.
    /// </summary>
    internal static ModelWork Of(string instance, Effect effect, MessageCodec<Effect> wire) =>
        new(
            Convert.ToHexStringLower(
                SHA256.HashData([.. Encoding.UTF8.GetBytes($"{instance}\n{wire.NameOf(effect)}\n"), .. wire.Write(effect)]).AsSpan(0, 16)
            ),
            instance,
            effect
        );
}

/// <summary>What came of model work.</summary>
/// <param name="Id">Of the work.</param>
public abstract record ModelWorkReply(string Id);

/// <summary>It is done.</summary>
public sealed record ModelWorkDone(string Id, Command Command) : ModelWorkReply(Id);

/// <summary>It threw: a bug.</summary>
/// <param name="Type">Name of the exception's type.</param>
/// <param name="Message">The exception's.</param>
public sealed record ModelWorkFailed(string Id, string Type, string Message) : ModelWorkReply(Id);

/// <summary>It is not run now, and stays owed.</summary>
/// <param name="Message">Why.</param>
public sealed record ModelWorkDeferred(string Id, string Message) : ModelWorkReply(Id);

/// <summary>The node stops and begins nothing new: ask again, and another node will answer.</summary>
public sealed record ModelWorkDeclined(string Id) : ModelWorkReply(Id);

/// <summary>
/// Says for which instance model work is. All work of an instance goes to one node, so that its models are in memory
/// there.
/// </summary>
internal sealed class ModelWorkExtractor() : HashCodeMessageExtractor(Hosting.InstanceExtractor.Shards)
{
    /// <inheritdoc />
    public override string? EntityId(object message) => message is ModelWork work ? work.Instance : null;
}

/// <summary>Has model work done by nodes with that role: it asks again until it is answered.</summary>
/// <param name="region">The shard region of the workers.</param>
/// <param name="wire">The effects that travel; all others run here.</param>
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

    /// <summary>Whether any work has not been answered yet.</summary>
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

    // Null if no answer came in time: it was lost, or a node, or the model still thinks.
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
