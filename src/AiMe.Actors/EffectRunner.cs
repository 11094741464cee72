using AiMe.Actors.Tracing;
using AiMe.EventSourcing;
using Akka.Dispatch;

namespace AiMe.Actors;

/// <summary>Runs effects for instances, on this node or on another.</summary>
internal interface IEffectRunner
{
    /// <summary>Runs one effect and returns the command that answers it.</summary>
    Task<Command> RunAsync(string instance, Effect effect);
}

/// <summary>
/// Runs effects on the dispatcher for model work. Calls that wait for a server do not block its threads.
/// </summary>
internal sealed class LocalEffects(IEffects effects, CycleSpans spans, TaskScheduler scheduler, CancellationToken cancelled) : IEffectRunner
{
    public Task<Command> RunAsync(string instance, Effect effect) =>
        Task
            .Factory.StartNew(
                () => spans.AroundAsync(instance, effect, () => effects.RunAsync(instance, effect, cancelled)),
                cancelled,
                TaskCreationOptions.DenyChildAttach,
                scheduler
            )
            .Unwrap();
}

/// <summary>An Akka dispatcher as a task scheduler: continuations run on the dispatcher's threads.</summary>
internal sealed class DispatcherScheduler(MessageDispatcher dispatcher) : TaskScheduler
{
    protected override void QueueTask(Task task) => dispatcher.Schedule(() => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
