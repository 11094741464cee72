using AiMe.EventSourcing;
using Akka.Dispatch;

namespace AiMe.Actors;

/// <summary>Runs effects for instances, here or on another node.</summary>
internal interface IEffectRunner
{
    /// <summary>Runs one effect, and gives the command that answers it.</summary>
    Task<Command> RunAsync(string instance, Effect effect);
}

/// <summary>Runs effects on the dispatcher for model work; calls that wait for a server hold no thread of it.</summary>
internal sealed class LocalEffects(IEffects effects, TaskScheduler scheduler, CancellationToken cancelled) : IEffectRunner
{
    public Task<Command> RunAsync(string instance, Effect effect) =>
        Task
            .Factory.StartNew(
                () => effects.RunAsync(instance, effect, cancelled),
                cancelled,
                TaskCreationOptions.DenyChildAttach,
                scheduler
            )
            .Unwrap();
}

/// <summary>An Akka dispatcher as the scheduler of tasks: what a task awaits comes back to the same threads.</summary>
internal sealed class DispatcherScheduler(MessageDispatcher dispatcher) : TaskScheduler
{
    protected override void QueueTask(Task task) => dispatcher.Schedule(() => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
