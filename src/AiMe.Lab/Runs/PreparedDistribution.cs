using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Models.Distributions;

namespace AiMe.Lab.Runs;

/// <summary>Prepares a distribution in place of a language model, and the effects over it.</summary>
internal static class PreparedDistribution
{
    /// <summary>Fits generation 0 to draws of the real distribution.</summary>
    public static async Task<PreparedModels> PrepareAsync(
        ModelOrigin.Fitted origin,
        EventStore store,
        IMemoryIndex index,
        IAnswerListener? listener,
        CancellationToken cancellationToken
    )
    {
        DistributionShape shape = new(origin.Dimensions, origin.Categories);
        Checkpoints checkpoints = new(store.Blobs);
        // generation 0 is a checkpoint like any other
        var birth = await checkpoints.SaveAsync(shape.Fit([.. shape.Real(origin.Seed, origin.Records)]).ToBytes(), cancellationToken);
        FacultyEffects effects = new(new DistributionProvider(shape, checkpoints), origin.Seed, index, store.Blobs, listener);
        return new PreparedModels(new ModelId(birth), origin, effects);
    }
}
