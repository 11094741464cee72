using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.Tests.Runs;

/// <summary>Stops a run gently at its first training.</summary>
internal sealed class Stopping(IEffects effects, CancellationTokenSource stop) : IEffects
{
    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
    {
        if (effect is TrainModel)
            await stop.CancelAsync();
        return await effects.RunAsync(instance, effect, cancellationToken);
    }
}
