using System.Collections.Immutable;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Commands;

/// <summary>A model that a command line names, and where it is known from.</summary>
/// <param name="Run">A run in which it was made or is generation 0; null for a base model of the store that no run has used.</param>
/// <param name="Instances">The lives of that run that have it in their lineage.</param>
/// <param name="Made">Its making; null for a base.</param>
/// <param name="Pretrained">The base model of <c>models/</c> that it is; else null.</param>
internal sealed record ModelTarget(
    ModelId Id,
    SupervisorState? Run,
    ImmutableArray<InstanceLineage> Instances,
    Checkpoint? Made,
    PretrainedModel? Pretrained
)
{
    /// <summary>How a checkpoint is named, for messages.</summary>
    public const string Forms = "the first digits of a checkpoint's id, at least 4; instance@round, such as aligned-1@2; or base";

    private const int LeastDigits = 4;

    /// <summary>The argument that names one.</summary>
    public static System.CommandLine.Argument<string> Argument(string name = "checkpoint", string more = "") =>
        new(name)
        {
            Description =
                "The first digits of its id, instance@round such as aligned-1@2 (round 0 is its base), or base, the "
                + $"store's only base model{more}",
        };

    /// <summary>The model that is meant.</summary>
    /// <exception cref="UsageException">There is none, or it might be several.</exception>
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
            // Names first: where a model comes from is looked up in every life, and a run may have thousands of models.
            known.AddRange(
                instances
                    .SelectMany(l => l.Models)
                    .Append(run.Plan!.Base)
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
                $"the store {store.Address.Place} holds no model yet: make one with "
                    + $"`{Invocation.Of("models", "pretrain", "--store", store.Address)}`"
            ),
            [] => throw new UsageException(
                $"the store {store.Address.Place} has no model '{name}', expected {Forms}\n  all of them: "
                    + $"{Invocation.Of("models", "list", "--store", store.Address)}"
            ),
            _ => throw new UsageException(
                $"which '{name}'? "
                    + $"{string.Join(", ", fit.Select(f => f.Made is { } made ? $"{f.Id.Short} ({made.Place})" : $"{f.Id.Short} (a base)"))}"
            ),
        };
    }

    /// <summary>Refuses a hosted model, of which this store has no weights.</summary>
    /// <exception cref="UsageException">It is one.</exception>
    public static void MustBeNano(ModelTarget target)
    {
        if (target.Run?.Plan!.Origin is ModelOrigin.Hosted)
            throw new UsageException(
                $"{target.Id.Short} is a model at a server, and its weights are there: expected a checkpoint of the embedded model"
            );
    }

    /// <summary>The same in the lineage of one life.</summary>
    /// <exception cref="UsageException">It has no such model.</exception>
    public static ModelId In(InstanceLineage instance, string name)
    {
        if (name.LastIndexOf('@') is var at and > 0)
            return name[..at] == instance.Instance || name[..at] == $"{instance.Run}/{instance.Instance}"
                ? OfRound(instance, name[(at + 1)..])
                : throw new UsageException(
                    $"found {name}, expected a checkpoint of {instance.Instance}: no life speaks with another's models"
                );
        ModelId[] fit = name == "base" ? [instance.Base] : [.. instance.Models.Where(m => Begins(m, name))];
        return fit switch
        {
            [var only] => only,
            [] => throw new UsageException(
                $"{instance.Instance} has no checkpoint '{name}' in its lineage; it has "
                    + $"{string.Join(", ", instance.Models.Select(m => m.Short))}{Nearest.Hint(name, [.. instance.Models.Select(m => m.Short)])}"
            ),
            _ => throw new UsageException($"which '{name}'? {string.Join(", ", fit.Select(f => f.Short))}"),
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
        var life = instances.FirstOrDefault(l => l.Instance == name)
            ?? throw new UsageException($"{name} is not born yet: it has no model");
        var found = Of(PretrainedModel.All(store.ModelsDirectory), OfRound(life, round), run, instances);
        return found with { Made = life.Checkpoints.FirstOrDefault(c => c.Id == found.Id) ?? found.Made };
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
            throw new UsageException($"round {number} of {instance.Instance} left no checkpoint: {without.Why}");
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
