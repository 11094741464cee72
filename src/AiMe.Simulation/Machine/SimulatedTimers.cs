using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Persistence;

namespace AiMe.Simulation.Machine;

/// <summary>Akka's scheduler on virtual time. The system's configuration names it.</summary>
internal sealed class SimulatedTimers(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    /// <summary>The machine's clock; null between two processes, when no timer is set.</summary>
    public SimulatedClock? Clock { get; set; }

    public override TimeSpan MonotonicClock => Clock?.Elapsed ?? TimeSpan.Zero;

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => Clock?.GetUtcNow() ?? DateTimeOffset.UnixEpoch;

    protected override void InternalScheduleTellOnce(
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    )
    {
        if (!IsLimit(message))
            Once(delay, IsAwaited(message), () => receiver.Tell(message, sender), cancelable);
    }

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    )
    {
        if (!IsLimit(message))
            Repeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);
    }

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Once(delay, awaited: false, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Once(delay, awaited: false, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Repeatedly(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        IRunnable action,
        ICancelable cancelable
    ) => Repeatedly(initialDelay, interval, action.Run, cancelable);

    // A recovery that takes an hour would be abandoned. None takes as long here, and one that makes no progress is
    // found as a stall.
    private static bool IsLimit(object message) => message is RecoveryTick;

    // The periodic idle check makes no progress.
    private static bool IsAwaited(object message) =>
        (message is IWrappedMessage wrapped ? wrapped.Message : message) is not Actors.InstanceActor.CheckIdle;

    private void Once(TimeSpan delay, bool awaited, Action fire, ICancelable? cancelable)
    {
        if (Clock is not { } clock || cancelable is { IsCancellationRequested: true })
            return;
        var due = clock.After(delay, awaited, fire);
        cancelable?.Token.Register(due.Cancel);
    }

    private void Repeatedly(TimeSpan delay, TimeSpan interval, Action fire, ICancelable? cancelable) =>
        Once(
            delay,
            awaited: false,
            () =>
            {
                fire();
                Repeatedly(interval, interval, fire, cancelable);
            },
            cancelable
        );
}
