using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs;

/// <summary>Gives every effect to the model of its instance's variant. A fork has the model of its parent's variant.</summary>
/// <param name="common">Of the variants without a model of their own.</param>
/// <param name="own">Of the others, by the variant's name.</param>
internal sealed class VariantEffects(RunPlan plan, IJournal journal, IEffects common, ImmutableDictionary<string, IEffects> own) : IEffects
{
    private readonly ConcurrentDictionary<string, IEffects> _ofForks = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        await (await OfAsync(instance, cancellationToken)).RunAsync(instance, effect, cancellationToken);

    private async Task<IEffects> OfAsync(string instance, CancellationToken cancellationToken)
    {
        if (plan.PlannedVariantOf(instance) is { } planned)
            return Of(planned.Name);
        if (_ofForks.TryGetValue(instance, out var known))
            return known;
        // A fork is in the journal before its first effect.
        var run = await InstanceReader.ReadRunAsync(journal, plan.Run, cancellationToken);
        return run?.Instances.GetValueOrDefault(instance) is { } fork
            ? _ofForks.GetOrAdd(instance, Of(fork.Variant))
            : throw new InvalidOperationException(
                $"{plan.Run}/{instance} is neither planned nor a fork in the journal, so its model is unknown. This is a bug in AiMe."
            );
    }

    private IEffects Of(string variant) => own.GetValueOrDefault(variant, common);
}
