using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Event;

namespace AiMe.Actors.Clustering;

/// <summary>Does the model work of one instance for other nodes.</summary>
/// <remarks>
/// Work that is requested twice runs once. Recent answers are kept and repeated, because an answer can be lost in
/// transit. Failures are not kept: a repeated request tries again.
/// </remarks>
public sealed class ModelWorkerActor : UntypedActor
{
    private const int KeptAtMost = 64; // answers of a few kilobytes each

    private readonly InstanceServices _services;
    private readonly MessageCodec<Command> _answers;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, HashSet<IActorRef>> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelWorkDone> _recent = new(StringComparer.Ordinal);
    private readonly Queue<string> _recentIds = [];
    private Work _work;
    private bool _stopping; // the running work is finished, so that no other node repeats it

    /// <param name="answers">The commands that can be sent to another node.</param>
    internal ModelWorkerActor(InstanceServices services, MessageCodec<Command> answers) => (_services, _answers) = (services, answers);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ModelWork work when _recent.TryGetValue(work.Id, out var done):
                Sender.Tell(done);
                break;
            case ModelWork work when _running.TryGetValue(work.Id, out var waiting):
                waiting.Add(Sender);
                break;
            case ModelWork work when _stopping || _services.Lifecycle.IsStopping:
                Sender.Tell(new ModelWorkDeclined(work.Id));
                break;
            case ModelWork work:
                Begin(work);
                break;
            case WorkEnded ended:
                End(ended);
                break;
            case FinishAndStop:
                _stopping = true;
                break;
            default:
                Unhandled(message);
                break;
        }

        Set(_running.Count > 0 ? Work.Busy : Work.None);
        if (_stopping && (_running.Count == 0 || _services.Lifecycle.Cancelled.IsCancellationRequested))
            Context.Stop(Self); // work that was cancelled is requested again from another node
    }

    /// <inheritdoc />
    protected override void PostStop() => Set(Work.None);

    private void Begin(ModelWork work)
    {
        _running.Add(work.Id, [Sender]);
        _ = _services
            .Effects.RunAsync(work.Instance, work.Effect)
            .PipeTo(Self, success: command => WorkEnded.With(work, command, _answers), failure: e => new WorkEnded(work, null, e));
    }

    private void End(WorkEnded ended)
    {
        var reply = ended switch
        {
            { Command: { } command } => Keep(new ModelWorkDone(ended.Work.Id, command)),
            { Failure: { } failure } => Failed(ended.Work, failure),
            _ => throw new UnreachableException(),
        };
        if (!_running.Remove(ended.Work.Id, out var waiting))
            return;
        foreach (var asker in waiting)
            asker.Tell(reply);
    }

    private ModelWorkDone Keep(ModelWorkDone done)
    {
        _recent[done.Id] = done;
        _recentIds.Enqueue(done.Id);
        if (_recentIds.Count > KeptAtMost)
            _recent.Remove(_recentIds.Dequeue());
        return done;
    }

    // A failure that ends this node is not the instance's fault. Work on a stopping node may have failed because it
    // stops.
    private ModelWorkReply Failed(ModelWork work, Exception failure)
    {
        if (HostFailure.EndsTheHost(failure))
            _services.Lifecycle.Fail(failure);
        if (_services.Lifecycle.IsStopping)
            return new ModelWorkDeclined(work.Id);
        if (failure is StaysOwedException)
            return new ModelWorkDeferred(work.Id, failure.Message);
        _log.Error(failure, "{0} of instance {1} failed; another node had requested it", work.Effect.Key, work.Instance);
        return new ModelWorkFailed(work.Id, failure.GetType().Name, failure.Message);
    }

    private void Set(Work work)
    {
        _services.Lifecycle.Change(_work, work);
        _work = work;
    }

    private sealed record WorkEnded(ModelWork Work, Command? Command, Exception? Failure) : INoSerializationVerificationNeeded
    {
        // An answer that cannot be sent must be a failure: otherwise the asking node would wait forever.
        public static WorkEnded With(ModelWork work, Command command, MessageCodec<Command> answers) =>
            answers.Has(command)
                ? new(work, command, null)
                : new(
                    work,
                    null,
                    new InvalidOperationException(
                        $"The command {command.GetType().Name} answers {work.Effect.Key}, but is not among the answers "
                            + "that can be sent between nodes."
                    )
                );
    }
}
