using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Effects;
using AiMe.Effects.Judges;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Populations;
using AiMe.Lab.Runs.Identities;
using AiMe.Lab.Runs.Indexes;
using AiMe.Lab.Runs.Judges;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using AiMe.Nano.Training;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Runs;

/// <summary>The models of a run, ready for use: generation 0 and the effects over it.</summary>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Origin">
/// How that model is made; journalled with the plan, so that the run can be resumed from its store alone.
/// </param>
public sealed record PreparedModels(ModelId Base, ModelOrigin Origin, IEffects Effects)
{
    /// <summary>Meters model calls; null if nothing that costs is asked.</summary>
    public UsageMeter? Meter { get; init; }

    /// <summary>The run's hosted model, which a judge without a model of its own asks; null without one.</summary>
    internal IChatClient? Chat { get; init; }

    /// <summary>Records what the model's server refuses; null for providers without a server.</summary>
    public ServerRefusals? Refusals { get; init; }

    /// <summary>The vector store of the memories; null for the embedded index.</summary>
    public RunIndex? Index { get; init; }

    /// <summary>The models of generation 0 of the variants that have a model of their own, by the variant's name.</summary>
    internal ImmutableDictionary<string, ModelId> OwnBases { get; init; } = ImmutableDictionary<string, ModelId>.Empty;

    /// <summary>The model of generation 0 of each charter, if there are several; else empty.</summary>
    internal ImmutableArray<ModelId> CharterBases { get; init; } = [];

    /// <summary>The plan of an experiment with these models.</summary>
    public RunPlan PlanOf(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return WithBases(experiment.Plan(Base, Origin));
    }

    private RunPlan WithBases(RunPlan plan) =>
        plan with
        {
            Base = Base,
            Variants = [.. plan.Variants.Select(v => OwnBases.TryGetValue(v.Name, out var own) ? v with { Base = own } : v)],
            Charters =
                plan.Charters is { } several && !CharterBases.IsEmpty
                    ? [.. several.Select((c, i) => c with { Base = CharterBases[i] == Base ? null : CharterBases[i] })]
                    : plan.Charters,
        };

    /// <summary>
    /// Checks the sources of an experiment's model. Writes nothing, needs no key, and makes no request.
    /// </summary>
    /// <exception cref="Corpora.GrammarException">The first error in a corpus, with its file and line.</exception>
    public static void Check(Experiment experiment)
    {
        if (experiment.Model is NanoModel nano)
        {
            foreach (var one in experiment.ByCharter)
                PreparedNano.ReadCorpus(nano, one);
        }
    }

    /// <summary>
    /// Checks that the keys of a hosted model and of a vector store are set, and that an embedder is there. Writes nothing and makes no
    /// request.
    /// </summary>
    /// <exception cref="Models.MissingKeyException">There is none; the message names its variable.</exception>
    /// <exception cref="ModelPreparationException">The embedder is not there; the message says how to build it.</exception>
    public static void CheckKey(Experiment experiment)
    {
        if (experiment.Model.Embedder is { } embedder)
            LocalEmbedders.Check(embedder);
        if (experiment.Model is OpenAiModel hosted)
            PreparedOpenAi.Connect(hosted.Origin);
        foreach (var judge in JudgeClients.In(experiment.Policies))
            PreparedOpenAi.Connect(JudgeClients.OriginOf(judge));
        if (experiment.Index is { } index)
            StoreConnections.CheckKey(index.Store);
    }

    /// <summary>Prepares the models of an experiment in a store.</summary>
    /// <param name="threads">Threads of the first training; the result does not depend on it.</param>
    /// <param name="progress">Receives each step of the first training.</param>
    /// <exception cref="Models.MissingKeyException">A hosted model's key is not in the environment.</exception>
    public static async Task<PreparedModels> PrepareAsync(
        Experiment experiment,
        EventStore store,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        await PrepareOfPlanAsync(
            experiment.Plan(default, await OriginAsync(experiment, store, cancellationToken)),
            store,
            threads,
            listener,
            progress,
            cancellationToken
        );

    /// <summary>Prepares the models of a recorded run from its store.</summary>
    /// <exception cref="ModelPreparationException">
    /// The plan does not say how they are made, or they come out differently.
    /// </exception>
    /// <exception cref="Models.MissingKeyException">A hosted model's key is not in the environment.</exception>
    public static async Task<PreparedModels> PrepareAsync(
        RunPlan plan,
        EventStore store,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (plan.Origin is null)
            throw new ModelPreparationException(
                $"The run {plan.Run} was recorded by a version that did not record the origin of its model, so its "
                    + "instances accept no input; they can be replayed, shown and compared. Run the experiment again in a "
                    + "new store."
            );
        var world = await PrepareOfPlanAsync(plan, store, threads, listener, progress, cancellationToken);
        var made = world.WithBases(plan);
        return plan.BaseThatDiffersFrom(made) is var (began, now)
            ? throw new ModelPreparationException(
                $"The run {plan.Run} began with the base model {began.Short}, but this build makes {now.Short} "
                    + "from the same corpus: use the original build and models directory."
            )
            : world;
    }

    private static async Task<ModelOrigin> OriginAsync(Experiment experiment, EventStore store, CancellationToken cancellationToken)
    {
        foreach (var one in experiment.ByCharter.Where(e => e.Identity is not null))
            await store.Blobs.PutAsync(one.IdentityData, cancellationToken);
        if (experiment.Model is OpenAiModel { HeldOut: not null } hosted)
            await store.Blobs.PutAsync(hosted.HeldOutData, cancellationToken);
        var origin = await BaseOriginAsync(experiment, store, cancellationToken);
        return origin with { Identity = experiment.Identity, Embedder = experiment.Model.Embedder };
    }

    private static async Task<ModelOrigin> BaseOriginAsync(Experiment experiment, EventStore store, CancellationToken cancellationToken) =>
        experiment.Model switch
        {
            NanoModel nano => new ModelOrigin.Nano(
                nano.Preset,
                nano.Records,
                nano.Seed,
                (
                    await CorpusBundle
                        .Of(nano.Corpus, experiment.CharterFile, experiment.CharterText)
                        .SaveAsync(store.Blobs, cancellationToken)
                ).Sha256,
                nano.Epochs,
                nano.Checkpoint?.Origin
            ),
            OpenAiModel hosted => hosted.Origin,
            DistributionModel distribution => distribution.Origin,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // A fork may have a judge that no variant has, so the requests to judges are always answered.
    private static async Task<PreparedModels> PrepareOfPlanAsync(
        RunPlan plan,
        EventStore store,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (plan.Origin!.Embedder is { } embedder)
            LocalEmbedders.Check(embedder); // before a training that may take hours
        var judges = JudgeClients.In(plan.Policies);
        var index = RunIndex.Of(plan, store.Journal);
        var search = index?.Search ?? new ScanIndex();
        LoadedFolders loaded = new();
        var own = plan.ByCharter.Select(p => (Plan: p, Subject: SubjectOf(p, plan.HasCharters, loaded))).ToArray();
        PreparedModels[] prepared =
        [
            await PrepareAsync(plan.Origin, own[0].Subject, store, search, threads, listener, progress, cancellationToken),
        ];
        if (plan.HasOwnModels)
            prepared =
            [
                await WithOwnAsync(prepared[0], plan, store, origin =>
                    PrepareAsync(origin, own[0].Subject, store, search, threads, listener, progress, cancellationToken)
                ),
            ];
        // A hosted model and a distribution have no part of the charter, which is in every prompt.
        foreach (var (one, subject) in own.Skip(1))
            prepared =
            [
                .. prepared,
                one.Origin is ModelOrigin.Nano
                    ? await PrepareAsync(one.Origin, subject, store, search, threads, listener, progress, cancellationToken)
                    : prepared[0],
            ];
        var meter = prepared[0].Meter ?? (judges.IsEmpty ? null : new UsageMeter(prices: null, limits: null));
        JudgeClients clients = new(
            judges,
            prepared[0].Chat,
            meter ?? new UsageMeter(prices: null, limits: null),
            PreparedOpenAi.RepliesOf(plan.Run, store)
        );
        var modelOf = clients.Prepared();
        ImmutableArray<IEffects> effects = [.. prepared.Zip(own, (m, o) => new JudgedEffects(m.Effects, o.Subject.Charter, modelOf.Of))];
        return prepared[0] with
        {
            Meter = meter,
            Index = index,
            CharterBases = plan.HasCharters ? [.. prepared.Select(m => m.Base)] : [],
            Effects = plan.HasCharters
                ? new InstanceEffects(plan, store.Journal, (variant, replicate) => effects[plan.CharterIndexOf(variant, replicate)])
                : effects[0],
        };
    }

    private static RunSubject SubjectOf(RunPlan plan, bool isOneOfSeveral, LoadedFolders loaded) =>
        new(plan.Run, plan.Seed, plan.Charter)
        {
            Stimuli = plan.Stimuli,
            CharterText = isOneOfSeveral ? CharterText.Of(plan.Charter) : null,
            Checkpoints = loaded,
        };

    // Variants whose models have one origin share the model and the effects over it.
    private static async Task<PreparedModels> WithOwnAsync(
        PreparedModels common,
        RunPlan plan,
        EventStore store,
        Func<ModelOrigin, Task<PreparedModels>> prepareAsync
    )
    {
        Dictionary<ModelOrigin, PreparedModels> prepared = new() { [common.Origin] = common };
        Dictionary<string, PreparedModels> own = new(StringComparer.Ordinal);
        foreach (var variant in plan.Variants.Where(v => v.Model is not null))
        {
            var origin = plan.OriginOf(variant)!;
            if (!prepared.TryGetValue(origin, out var models))
                prepared[origin] = models = await prepareAsync(origin);
            own[variant.Name] = models;
        }

        return common with
        {
            OwnBases = own.ToImmutableDictionary(v => v.Key, v => v.Value.Base, StringComparer.Ordinal),
            Effects = new InstanceEffects(plan, store.Journal, (variant, _) => own.GetValueOrDefault(variant.Name, common).Effects),
        };
    }

    private static Task<PreparedModels> PrepareAsync(
        ModelOrigin origin,
        RunSubject subject,
        EventStore store,
        IMemoryIndex index,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        origin switch
        {
            ModelOrigin.Nano nano => PreparedNano.PrepareAsync(nano, subject, store, index, threads, listener, progress, cancellationToken),
            ModelOrigin.Hosted hosted => PreparedOpenAi.PrepareAsync(hosted, subject, store, index, listener, cancellationToken),
            ModelOrigin.Fitted distribution => PreparedDistribution.PrepareAsync(distribution, store, index, listener, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException($"unknown origin {origin.GetType().Name}"),
        };
}

/// <summary>The models of a recorded run are unavailable.</summary>
public sealed class ModelPreparationException(string message) : Exception(message);
