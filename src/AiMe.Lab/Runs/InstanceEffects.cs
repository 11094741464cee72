using System.Collections.Concurrent;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs;

/// <summary>
/// Gives every effect to the model of its instance's variant or charter. A fork has the model of its parent's variant and replicate.
/// </summary>
/// <param name="of">The effects over the model of a variant's replicate.</param>
internal sealed class InstanceEffects(RunPlan plan, IJournal journal, Func<VariantPlan, int, IEffects> of) : IEffects
{
    private readonly ConcurrentDictionary<string, IEffects> _ofForks = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        await (await OfAsync(instance, cancellationToken)).RunAsync(instance, effect, cancellationToken);

    private async Task<IEffects> OfAsync(string instance, CancellationToken cancellationToken)
    {
        if (plan.PlannedInstanceOf(instance) is var (variant, replicate))
            return of(variant, replicate);
        if (_ofForks.TryGetValue(instance, out var known))
            return known;
        // A fork is in the journal before its first effect.
        var run = await InstanceReader.ReadRunAsync(journal, plan.Run, cancellationToken);
        return run?.Instances.GetValueOrDefault(instance) is { } fork
            ? _ofForks.GetOrAdd(instance, of(plan.Variants.First(v => v.Name == fork.Variant), fork.Replicate))
            : throw new InvalidOperationException(
                $"{plan.Run}/{instance} is neither planned nor a fork in the journal, so its model is unknown. This is a bug in AiMe."
            );
    }
}
