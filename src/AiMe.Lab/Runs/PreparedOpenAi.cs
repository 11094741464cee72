using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Identities;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using AiMe.Models.Commands;
using AiMe.Models.Jobs;
using AiMe.Models.OpenAi;

namespace AiMe.Lab.Runs;

/// <summary>
/// Prepares the effects over a hosted model. No request is made before an instance needs one, but for the job that trains an
/// identity.
/// </summary>
internal static class PreparedOpenAi
{
    /// <summary>Stands in place of a variable's name if the server needs no key.</summary>
    public const string NoKey = "none";

    /// <summary>Connects to the server with the key from this process' environment, which is read only here.</summary>
    /// <exception cref="MissingKeyException">There is none; the message names the variable.</exception>
    public static OpenAiServer Connect(
        ModelOrigin.Hosted origin,
        IUsageMeter? meter = null,
        ImmutableArray<ParameterRefusal> leftOut = default,
        IParameterRefusals? refusals = null,
        IServerIdentities? identities = null
    ) =>
        OpenAiServer.Connect(
            new OpenAiOptions(new Uri(origin.BaseUrl))
            {
                KeyVariable = origin.KeyEnv == NoKey ? null : origin.KeyEnv,
                Timeout = TimeSpan.FromSeconds(origin.TimeoutSeconds),
                Retries = origin.Retries,
                LogProbabilities = origin.LogProbabilities,
                OldTokenLimit = origin.MaxTokens == "max_tokens",
                Reasoning = MarksOf(origin.Reasoning),
                LeftOut =
                [
                    .. (origin.LeaveOut ?? []).Select(p => new ParameterRefusal(p, "", "named in model.leave-out")),
                    .. leftOut.IsDefault ? [] : leftOut,
                ],
                Names = origin.SendNames,
                AsksVersion = origin.Scoring is not null,
                Dimensions = origin.Dimensions,
                Batch = origin.Batch,
            },
            Environment.GetEnvironmentVariable,
            TimeProvider.System,
            meter,
            refusals,
            identities
        );

    /// <summary>The directory that keeps the replies of unfinished effects.</summary>
    public static string RepliesOf(string run, EventStore store) => Path.Combine(store.Root, "replies", run);

    /// <summary>The effects over the hosted model. The model's name is its id.</summary>
    /// <param name="subject">Its run id is part of the key of every training job.</param>
    /// <exception cref="MissingKeyException">There is no key.</exception>
    public static async Task<PreparedModels> PrepareAsync(
        ModelOrigin.Hosted origin,
        RunSubject subject,
        EventStore store,
        IMemoryIndex index,
        IAnswerListener? listener,
        CancellationToken cancellationToken
    )
    {
        var (meter, refusals) = (new UsageMeter(origin.Prices, origin.Limits), new ServerRefusals());
        var run = subject.Run;
        var known = await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken);
        var server = Connect(origin, meter, known is null ? [] : ServerRefusals.Of(known), refusals, refusals);
        var chat = new ReplyCache(new OpenAiChat(server, origin.Chat), RepliesOf(run, store));
        ITrainingJobs Trainer(ExternalTraining by) => TrainerOf(by, server, store);
        var born = origin.Identity is { } identity
            ? await HostedIdentity.EnsureAsync(origin, identity, subject, store, Trainer, TimeProvider.System, cancellationToken)
            : new ModelId(origin.Chat);
        return new PreparedModels(
            born,
            origin,
            new PaidOnce(
                new FacultyEffects(
                    chat,
                    origin.Embedder is { } named ? LocalEmbedders.Load(named) : new OpenAiEmbedder(server, origin.Embeddings),
                    index,
                    store.Blobs,
                    origin.Samples,
                    run,
                    Trainer,
                    TimeProvider.System,
                    listener,
                    await HostedScorer.ForAsync(origin, server, born, subject, store, cancellationToken),
                    origin.SendNames
                )
            )
        )
        {
            Meter = meter,
            Refusals = refusals,
            Chat = chat,
        };
    }

    private static ReasoningMarks MarksOf(ReasoningTags? tags) =>
        tags is null ? ReasoningMarks.Auto
        : tags == ReasoningTags.None ? ReasoningMarks.None
        : ReasoningMarks.Between(tags.Open, tags.Close);

    /// <summary>
    /// Keeps the replies of an effect until it has ended, so that an interrupted or failed effect that makes the same
    /// request again does not pay twice.
    /// </summary>
    internal sealed class PaidOnce(IEffects effects) : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            ReplyCache.UntilDoneAsync(
                () => effects.RunAsync(instance, effect, cancellationToken),
                command => command is ProbesFailed or JobAskingFailed
            );
    }

    private static ITrainingJobs TrainerOf(ExternalTraining by, OpenAiServer server, EventStore store) =>
        by switch
        {
            ExternalTraining.FineTuningApi api => new OpenAiJobs(server, api.LearningRateMultiplier, api.BatchSize, TimeProvider.System),
            ExternalTraining.OwnCommand command => new CommandJobs(command.Line, Path.Combine(store.Root, "jobs")),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
