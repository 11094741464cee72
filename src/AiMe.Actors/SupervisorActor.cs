using System.Diagnostics;
using AiMe.Actors.Tracing;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Hosting;

namespace AiMe.Actors;

/// <summary>The supervisor of a run.</summary>
/// <remarks>
/// Thousands of instances send it commands, so those that arrive during a write are decided together after it. In a
/// cluster it resends pending messages, because a message between nodes can be lost.
/// </remarks>
public sealed class SupervisorActor : DeciderActor, IWithTimers
{
    private const int MaxBatch = 4096;

    private readonly IRequiredActor<InstanceActor> _instances;
    private readonly Queue<Command> _waiting = new();
    private readonly ResendSchedule _resends = new();
    private Work _work;
    private int _reported; // waiting commands, as the metrics know them

    /// <param name="services">Services that the actors of a host share.</param>
    /// <param name="instances">The parent of all instances, or their shard region.</param>
    public SupervisorActor(InstanceServices services, IRequiredActor<InstanceActor> instances)
        : base(services, FacultyAddress.Supervisor, services.Options.Supervisor, services.NewWriter()) => _instances = instances;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PostStop()
    {
        Set(Work.None);
        Report(0);
        Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

    private protected override void OnRecovered()
    {
        if (Services.ResendEvery is { } every)
        {
            Timers.StartPeriodicTimer(ResendDue.Instance, ResendDue.Instance, every);
            Context.System.EventStream.Subscribe(Self, typeof(ResendAll));
        }

        Send(Pending);
    }

    // All instances need the supervisor, so the host ends without it.
    private protected override void OnFailed(Exception failure) => Services.Lifecycle.Fail(failure);

    private protected override void OnMessage(object message)
    {
        switch (message)
        {
            case CommandEnvelope envelope:
                Set(Work.Busy);
                _waiting.Enqueue(envelope.Command);
                DecideWaiting();
                break;
            case ResendDue:
                Send(_resends.Due(Pending, all: false));
                break;
            case ResendAll:
                Send(_resends.Due(Pending, all: true));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void DecideWaiting()
    {
        while (!IsWriting && _waiting.Count > 0)
        {
            var steps = DecideTogether(out var events);
            if (steps.Length == 0)
                return;
            if (events == 0)
                Follow(steps);
            else
                Write(steps, Current.Index, () => Continue(steps));
        }

        if (!IsWriting)
            Set(Work.None);
        Report(_waiting.Count);
    }

    private void Report(int waiting)
    {
        HostMetrics.Waiting.Add(waiting - _reported);
        _reported = waiting;
    }

    private void Set(Work work)
    {
        Services.Lifecycle.Change(_work, work);
        _work = work;
    }

    private void Continue(Step[] steps)
    {
        Follow(steps);
        DecideWaiting();
    }

    // Each command is decided in the state that the earlier ones lead to. One that throws is decided alone in the next
    // batch, so that it does not affect the earlier ones.
    private Step[] DecideTogether(out int events)
    {
        var (steps, state) = (new List<Step>(Math.Min(_waiting.Count, MaxBatch)), Current.State);
        events = 0;
        while (_waiting.Count > 0 && steps.Count < MaxBatch)
        {
            try
            {
                steps.Add(Decide(state, _waiting.Peek()));
            }
            catch (Exception failure)
            {
                if (steps.Count == 0)
                    Stop(failure);
                break;
            }

            _waiting.Dequeue();
            state = steps[^1].After;
            events += steps[^1].Decision.Events.Length;
        }

        return [.. steps];
    }

    private void Follow(Step[] steps)
    {
        foreach (var step in steps)
            Send(step.Decision.Effects);
    }

    private void Stop(Exception failure)
    {
        OnFailed(failure);
        Context.Stop(Self);
    }

    private void Send(IEnumerable<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is not Tell tell)
                throw new UnreachableException($"The supervisor has no effects but messages; found {effect.GetType().Name}.");
            // A stopping host wakes no instance: the message stays pending. In a cluster the instance may be on a node
            // that continues.
            if (Services.Options.Awake(tell.To.Instance) && (Services.InstancesMove || !Services.Lifecycle.IsStopping))
                Services.Transport.Send(FacultyAddress.Run, new CommandEnvelope(tell.To, tell.Command), _instances.ActorRef);
        }
    }
}
