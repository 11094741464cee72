using System.Collections.Immutable;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Commands;

/// <summary>A model named on the command line, and its origin.</summary>
/// <param name="Run">
/// A run that made it or that has it as generation 0; null for a base model that no run has used.
/// </param>
/// <param name="Instances">The instances of that run with this model in their lineage.</param>
/// <param name="Made">Its checkpoint; null for a base model.</param>
/// <param name="Pretrained">Its entry in <c>models/</c> if it is a base model of the store; else null.</param>
internal sealed record ModelTarget(
    ModelId Id,
    SupervisorState? Run,
    ImmutableArray<InstanceLineage> Instances,
    Checkpoint? Made,
    PretrainedModel? Pretrained
)
{
    /// <summary>The model of generation 0 of its lineage, whose tokenizer and shape it has; itself if it is one.</summary>
    public ModelId Generation0 =>
        Made is { } made ? Instances.FirstOrDefault(l => l.Instance == made.Instance)?.Base ?? Run!.Plan!.Base : Id;

    /// <summary>The origin of <see cref="Generation0"/>; null if it is not recorded.</summary>
    public ModelOrigin? Origin => Run?.Plan!.OriginOf(Generation0);

    /// <summary>The accepted names of a checkpoint, for messages.</summary>
    public const string Forms = "the first digits of a checkpoint's id, at least 4; instance@round, such as inward-1@2; or base";

    private const int LeastDigits = 4;

    /// <summary>Creates the argument that names a checkpoint.</summary>
    public static System.CommandLine.Argument<string> Argument(string name = "checkpoint", string more = "") =>
        new(name)
        {
            Description =
                "The first digits of its id, instance@round such as inward-1@2 (round 0 is its base), or base, the "
                + $"store's only base model{more}",
        };

    /// <summary>Finds a model by name.</summary>
    /// <exception cref="UsageException">No model fits, or several do.</exception>
    public static async Task<ModelTarget> FindAsync(EventStore store, string name, CancellationToken cancellationToken)
    {
        if (name.LastIndexOf('@') is var at and > 0)
            return await OfRoundAsync(store, name[..at], name[(at + 1)..], cancellationToken);

        var bases = PretrainedModel.All(store.ModelsDirectory);
        var runs = await StoreLookup.RunsAsync(store, cancellationToken);
        List<ModelTarget> known = [];
        foreach (var run in runs)
        {
            var instances = await LineageReader.ReadAsync(store.Journal, run, cancellationToken);
            // Names first: the origin of a model is looked up in every instance, and a run may have thousands of
            // models.
            known.AddRange(
                instances
                    .SelectMany(l => l.Models)
                    .Concat(run.Plan!.Bases)
                    .Distinct()
                    .Where(id => MayBe(id, name, bases))
                    .Select(id => Of(bases, id, run, instances))
            );
        }

        known.AddRange(bases.Select(m => new ModelTarget(new ModelId(m.Id), null, [], null, m)));
        ModelTarget[] fit = [.. known.Where(k => Fits(k, name)).DistinctBy(k => k.Id)];
        return fit switch
        {
            [var only] => only,
            [] when runs.Count == 0 && bases.IsEmpty => throw new UsageException(
                $"the store {store.Address.Place} has no model yet. To make one: "
                    + $"`{Invocation.Of("models", "pretrain", "--store", store.Address)}`"
            ),
            [] => throw new UsageException(
                $"the store {store.Address.Place} has no model '{name}', expected {Forms}\n  To list all: "
                    + $"{Invocation.Of("models", "list", "--store", store.Address)}"
            ),
            _ => throw new UsageException(
                $"'{name}' is ambiguous, expected one of "
                    + string.Join(", ", fit.Select(f => f.Made is { } made ? $"{f.Id.Short} ({made.Place})" : $"{f.Id.Short} (a base)"))
            ),
        };
    }

    /// <summary>Refuses a model that is not the embedded one: this store has no weights of it.</summary>
    /// <exception cref="UsageException">The model is hosted, or a distribution.</exception>
    public static void MustBeNano(ModelTarget target)
    {
        if (target.Origin is ModelOrigin.Hosted)
            throw new UsageException(
                $"{target.Id.Short} is a hosted model, and its weights are on the server: expected a checkpoint of the embedded model"
            );
        if (target.Origin is ModelOrigin.Fitted)
            throw new UsageException(
                $"{target.Id.Short} is a distribution, which has no weights, tokens or words: expected a checkpoint of the embedded model"
            );
    }

    /// <summary>Finds a model by name in the lineage of one instance.</summary>
    /// <exception cref="UsageException">The lineage has no such model.</exception>
    public static ModelId In(InstanceLineage instance, string name)
    {
        if (name.LastIndexOf('@') is var at and > 0)
            return name[..at] == instance.Instance || name[..at] == $"{instance.Run}/{instance.Instance}"
                ? OfRound(instance, name[(at + 1)..])
                : throw new UsageException(
                    $"found {name}, expected a checkpoint of {instance.Instance}: an instance can use only models of its own lineage"
                );
        ModelId[] fit = name == "base" ? [instance.Base] : [.. instance.Models.Where(m => Begins(m, name))];
        return fit switch
        {
            [var only] => only,
            [] => throw new UsageException(
                $"{instance.Instance} has no checkpoint '{name}' in its lineage; it has "
                    + string.Join(", ", instance.Models.Select(m => m.Short))
                    + Nearest.Hint(name, [.. instance.Models.Select(m => m.Short)])
            ),
            _ => throw new UsageException($"'{name}' is ambiguous, expected one of {string.Join(", ", fit.Select(f => f.Short))}"),
        };
    }

    private static async Task<ModelTarget> OfRoundAsync(
        EventStore store,
        string instance,
        string round,
        CancellationToken cancellationToken
    )
    {
        var (run, name) = await StoreLookup.InstanceAsync(store, instance, cancellationToken);
        var instances = await LineageReader.ReadAsync(store.Journal, run, cancellationToken);
        var lineage = instances.FirstOrDefault(l => l.Instance == name)
            ?? throw new UsageException($"{name} has not started yet: it has no model");
        var found = Of(PretrainedModel.All(store.ModelsDirectory), OfRound(lineage, round), run, instances);
        return found with { Made = lineage.Checkpoints.FirstOrDefault(c => c.Id == found.Id) ?? found.Made };
    }

    private static ModelId OfRound(InstanceLineage instance, string round)
    {
        if (!int.TryParse(round, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new UsageException($"found '@{round}', expected the number of a round, such as {instance.Instance}@1");
        if (number == 0)
            return instance.Base;
        if (instance.Checkpoints.FirstOrDefault(c => c.Round == number) is { } made)
            return made.Id;
        if (instance.Without.FirstOrDefault(w => w.Round == number) is { } without)
            throw new UsageException($"round {number} of {instance.Instance} has no checkpoint: {without.Why}");
        throw new UsageException(
            $"{instance.Instance} has no checkpoint of round {number}; it has "
                + $"{(instance.Checkpoints.IsEmpty ? "none" : string.Join(", ", instance.Checkpoints.Select(c => c.Place)))}, and "
                + $"{instance.Instance}@0, its base"
        );
    }

    private static ModelTarget Of(
        ImmutableArray<PretrainedModel> bases,
        ModelId id,
        SupervisorState run,
        ImmutableArray<InstanceLineage> instances
    )
    {
        ImmutableArray<InstanceLineage> having = [.. instances.Where(l => l.Models.Contains(id))];
        return new ModelTarget(
            id,
            run,
            having,
            having.SelectMany(l => l.Checkpoints).FirstOrDefault(c => c.Id == id),
            bases.FirstOrDefault(b => b.Id == id.Value)
        );
    }

    private static bool MayBe(ModelId id, string name, ImmutableArray<PretrainedModel> bases) =>
        name == "base" || Begins(id, name) || bases.Any(b => b.Name == name && b.Id == id.Value);

    private static bool Fits(ModelTarget known, string name) =>
        known.Made is null && (name == "base" || known.Pretrained?.Name == name) || Begins(known.Id, name);

    private static bool Begins(ModelId id, string name) =>
        id.Value == name || name.Length >= LeastDigits && id.Short != id.Value && id.Value.StartsWith(name, StringComparison.Ordinal);
}
