using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Models.Nano;
using AiMe.Nano.Training;

namespace AiMe.Effects.Identities;

/// <summary>Fine-tunes the embedded model into generation 0, in this process.</summary>
public static class EmbeddedIdentity
{
    /// <summary>Loads the model from the store's models, or trains it and stores it there.</summary>
    /// <param name="seed">Seed of the base model.</param>
    /// <param name="blobs">Hold the exchanges.</param>
    /// <exception cref="Models.ProviderException">
    /// An exchange does not fit the context, the training diverged, or the stored model is damaged.
    /// </exception>
    public static async Task<NanoBase> EnsureAsync(
        NanoBase start,
        IdentityTuning identity,
        Seed seed,
        IBlobs blobs,
        string modelsDirectory,
        int threads,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(identity);
        var data = await blobs.GetAsync(new BlobId(identity.Data), cancellationToken);
        var tuned = await NanoIdentity.EnsureAsync(
            start,
            [.. Datasets.Read(data)],
            OptionsOf(identity, seed),
            modelsDirectory,
            threads,
            progress,
            cancellationToken
        );
        await blobs.PutAsync(data, cancellationToken); // again, because `aime gc` keeps what was put within the last hour
        return tuned;
    }

    /// <summary>The directory of the model, if it is among the store's models; else null.</summary>
    /// <param name="start">Id of the base model.</param>
    /// <param name="data">The exchanges.</param>
    public static string? FindDirectory(
        string start,
        string preset,
        IdentityTuning identity,
        ReadOnlyMemory<byte> data,
        Seed seed,
        string modelsDirectory
    )
    {
        ArgumentNullException.ThrowIfNull(identity);
        return NanoIdentity.FindDirectory(start, preset, [.. Datasets.Read(data)], OptionsOf(identity, seed), modelsDirectory);
    }

    private static NanoIdentityOptions OptionsOf(IdentityTuning identity, Seed seed) =>
        new(
            identity.Epochs,
            TrainingRunner.LengthOf(identity.Budget),
            identity.LearningRate,
            identity.Anchor,
            seed.Derive("identity").Value
        );
}
