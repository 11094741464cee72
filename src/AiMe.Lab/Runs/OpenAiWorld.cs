using AiMe.Effects;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Models;
using AiMe.Models.Commands;
using AiMe.Models.OpenAi;

using Store = AiMe.Journal.Store;

namespace AiMe.Lab;

/// <summary>A hosted model, made ready: the effects over it. No request is made before a life asks for one.</summary>
internal static class OpenAiWorld
{
    /// <summary>What stands in place of a variable for a server that wants no key.</summary>
    public const string NoKey = "none";

    /// <summary>The server, with the key from this process' environment: the one place that reads it.</summary>
    /// <exception cref="MissingKeyException">There is none; the message names the variable.</exception>
    public static OpenAiServer Connect(ModelOrigin.Hosted origin, IMeter? meter) => OpenAiServer.Connect(
        new OpenAiOptions(new Uri(origin.BaseUrl))
        {
            KeyVariable = origin.KeyEnv == NoKey ? null : origin.KeyEnv,
            Timeout = TimeSpan.FromSeconds(origin.TimeoutSeconds),
            Retries = origin.Retries,
            LogProbabilities = origin.LogProbabilities,
            OldTokenLimit = origin.MaxTokens == "max_tokens",
            Dimensions = origin.Dimensions,
            Batch = origin.Batch,
        },
        Environment.GetEnvironmentVariable,
        TimeProvider.System,
        meter);

    /// <summary>Where what half-done work was answered is kept.</summary>
    public static string RepliesOf(string run, Store store) => Path.Combine(store.Root, "replies", run);

    /// <summary>What the world does for the faculties. The model's name is its id.</summary>
    /// <param name="run">Run id: part of the key of every training job.</param>
    /// <exception cref="MissingKeyException">There is no key.</exception>
    public static World Prepare(ModelOrigin.Hosted origin, string run, Store store, IAnswerListener? listener)
    {
        Meter meter = new(origin.Prices, origin.Limits);
        var server = Connect(origin, meter);
        var chat = new KeptReplies(new OpenAiChat(server, origin.Chat), RepliesOf(run, store));
        return new World(
            new ModelId(origin.Chat),
            origin,
            new PaidOnce(new MindEffects(chat, new OpenAiEmbedder(server, origin.Embeddings), new ScanIndex(), store.Blobs, origin.Samples, run, by => TrainerOf(by, server, store), TimeProvider.System, listener))) { Meter = meter };
    }

    /// <summary>What an effect was answered is kept until it has ended: one that is cut off or fails on its way, and asks the same again, does not pay for it twice.</summary>
    private sealed class PaidOnce(IEffects effects) : IEffects
    {
        public Task<Command> RunAsync(string instance, Kernel.Effect effect, CancellationToken cancellationToken) =>
            KeptReplies.UntilDoneAsync(() => effects.RunAsync(instance, effect, cancellationToken), command => command is ProbesFailed or JobAskingFailed);
    }

    private static ITrainingJobs TrainerOf(ExternalTraining by, OpenAiServer server, Store store) => by switch
    {
        ExternalTraining.FineTuningApi api => new OpenAiJobs(server, api.LearningRateMultiplier, api.BatchSize, TimeProvider.System),
        ExternalTraining.OwnCommand command => new CommandJobs(command.Line, Path.Combine(store.Root, "jobs")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
