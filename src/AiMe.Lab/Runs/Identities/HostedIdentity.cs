using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.Effects.Identities;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Models;
using AiMe.Models.Jobs;

namespace AiMe.Lab.Runs.Identities;

/// <summary>Finds or makes the hosted model that is generation 0 of a run: one training job for the run.</summary>
internal static class HostedIdentity
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>The model. A run that is planned has it in its plan; else its job is submitted, or found again.</summary>
    /// <remarks>While one process trains, others that prepare the same run wait for it.</remarks>
    /// <exception cref="ModelPreparationException">The job made no model.</exception>
    /// <exception cref="ProviderException">The trainer cannot be reached; the same command continues.</exception>
    public static async Task<ModelId> EnsureAsync(
        ModelOrigin.Hosted origin,
        IdentityTuning identity,
        RunSubject subject,
        EventStore store,
        Func<ExternalTraining, ITrainingJobs> trainers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var writer = WriterId.Of(RandomNumberGenerator.GetHexString(WriterId.Digits, lowercase: true));
        while (true)
        {
            if (await InstanceReader.ReadRunAsync(store.Journal, subject.Run, cancellationToken) is { Plan: { } plan })
                return plan.Base;
            try
            {
                var held = await store.Ownership.ClaimAsync(
                    [$"{subject.Run}/{IdentityJob.Instance}"],
                    OwnerInfo.Here(writer),
                    cancellationToken
                );
                var model = default(ModelId);
                try
                {
                    await Heartbeat.WhileAsync(
                        store.Ownership,
                        held,
                        writer,
                        time,
                        async over => model = await TrainAsync(origin, identity, subject, store, trainers, time, over),
                        cancellationToken
                    );
                    return model;
                }
                finally
                {
                    await store.Ownership.ReleaseAsync(held, writer, CancellationToken.None);
                }
            }
            catch (AlreadyOwnedException)
            {
                await Task.Delay(LookEvery, time, cancellationToken);
            }
        }
    }

    private static async Task<ModelId> TrainAsync(
        ModelOrigin.Hosted origin,
        IdentityTuning identity,
        RunSubject subject,
        EventStore store,
        Func<ExternalTraining, ITrainingJobs> trainers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        IdentityLog log = new(store, subject.Run);
        try
        {
            return await new IdentityJob(trainers, store.Blobs, subject.Run, time).RunAsync(
                new ModelId(origin.Chat),
                subject.Seed,
                subject.Charter,
                identity,
                await log.ReadAsync(cancellationToken),
                log.AppendAsync,
                cancellationToken
            );
        }
        catch (ProviderException failure) when (failure.ForGood)
        {
            throw new ModelPreparationException(
                $"{failure.Message} The run has not begun. No other job is submitted for it: change the experiment's identity, or delete "
                    + $"{log.Path} to submit one again."
            );
        }
    }
}

/// <summary>The run whose models are prepared.</summary>
/// <param name="Run">Run id.</param>
internal sealed record RunSubject(string Run, Seed Seed, Charter Charter)
{
    /// <summary>The stimuli that its instances receive.</summary>
    public ImmutableArray<Stimulus> Stimuli { get; init; } = [];

    /// <summary>The charter as the text of a charter file, if the run has several; null for that of the corpus.</summary>
    public string? CharterText { get; init; }

    /// <summary>The checkpoints of folders that were loaded for the run.</summary>
    public LoadedFolders Checkpoints { get; init; } = new();
}
