using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using Microsoft.Extensions.AI;

namespace AiMe.Examples.Tests;

/// <summary>The second program of docs/OWN-MODELS.md.</summary>
internal static class OwnEmbedder
{
    public static async Task<RunOutcome> RunAsync(
        Experiment experiment,
        EventStore store,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        CancellationToken interrupt
    )
    {
        var mine = LocalEmbedders.Use("mine", "1", embedder);
        experiment = experiment with { Model = experiment.Model with { Embedder = mine } };
        var models = await PreparedModels.PrepareAsync(experiment, store, 2, listener: null, progress: null, interrupt);
        return await GivenModels.RunAsync(experiment, store, models, parallel: 2, interrupt);
    }
}
