using AiMe.Actors;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Machine;

/// <summary>Runs effects on the process' only thread; each starts in its own step.</summary>
internal sealed class SimulatedEffectRunner(IEffects effects, SimulatedThread thread, CancellationToken cancelled) : IEffectRunner
{
    /// <summary>Whether the process is gone; then no effect starts.</summary>
    public bool IsGone { get; set; }

    public async Task<Command> RunAsync(string instance, Effect effect)
    {
        var begun = new TaskCompletionSource();
        if (!IsGone)
            thread.Add(begun.SetResult);
        await begun.Task;
        return await effects.RunAsync(instance, effect, cancelled);
    }
}
