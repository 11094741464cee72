using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using Microsoft.Extensions.AI;

namespace AiMe.Examples.Tests;

/// <summary>The program of docs/OWN-MODELS.md.</summary>
internal static class OwnModel
{
    public static async Task<RunOutcome> RunAsync(
        string file,
        string folder,
        IChatClient chat,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        CancellationToken interrupt
    )
    {
        var experiment = ExperimentFile.Load(file).Experiment ?? throw new ArgumentException("run `aime validate` on it first");
        await using var store = await EventStore.OpenAsync(
            folder,
            TimeProvider.System,
            SqliteSettings.Default,
            Processes.IsRunning,
            interrupt
        );
        var models = GivenModels.Of(experiment, store, chat, embedder);
        return await GivenModels.RunAsync(experiment, store, models, parallel: 2, interrupt);
    }
}
