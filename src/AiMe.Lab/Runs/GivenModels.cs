using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Indexes;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Runs;

/// <summary>The models of a run over a chat client of one's own, in place of the server that the experiment names.</summary>
public static class GivenModels
{
    /// <summary>
    /// The models of an experiment of provider openai, whose key <c>model.chat</c> is the client's model id. No server is called.
    /// </summary>
    /// <param name="chat">
    /// Answers a list of messages. Every failure is a failure of the provider, which is journalled and tried again. Replies are kept until
    /// the effect that asked has ended.
    /// </param>
    /// <param name="embedder">
    /// Gives one vector of a constant length for each text; null for the embedder of this process that the experiment names.
    /// </param>
    /// <exception cref="ArgumentException">It has another provider, trains or scores text, or there is not one embedder.</exception>
    public static PreparedModels Of(
        Experiment experiment,
        EventStore store,
        IChatClient chat,
        IEmbeddingGenerator<string, Embedding<float>>? embedder
    )
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Model is not OpenAiModel model)
            throw new ArgumentException(
                "a chat client takes the place of a hosted model; expected model: {provider: openai}",
                nameof(experiment)
            );
        if (experiment.Variants.Any(v => v.Trainer.Train) || experiment.Identity is not null)
            throw new ArgumentException("a chat client has no training; expected train: none, and no identity", nameof(experiment));
        if (model.Scoring is not null)
            throw new ArgumentException("a chat client does not score given text; expected no model.scoring", nameof(experiment));
        if (embedder is null == model.Embedder is null)
            throw new ArgumentException(
                $"found {(embedder is null ? "no embedder" : "two embedders")}, expected the experiment's or that of the call",
                nameof(embedder)
            );
        ArgumentNullException.ThrowIfNull(store);
        var index = RunIndex.Of(experiment.Plan(default, origin: null), store.Journal);
        ReplyCache replies = new(new FailingChat(chat), PreparedOpenAi.RepliesOf(experiment.RunId, store));
        FacultyEffects effects = new(
            replies,
            embedder ?? LocalEmbedders.Load(model.Embedder!),
            index?.Search ?? new ScanIndex(),
            store.Blobs,
            model.Samples,
            experiment.RunId,
            _ => throw new NotSupportedException("A run over a chat client that trains is a bug."),
            TimeProvider.System
        );
        return new PreparedModels(
            new ModelId(model.Chat),
            model.Origin with
            {
                Embedder = model.Embedder,
            },
            new PreparedOpenAi.PaidOnce(effects)
        )
        {
            Chat = replies,
            Index = index,
        };
    }

    /// <summary>Runs an experiment with models that were prepared, to its end or until interrupted; again, it resumes.</summary>
    /// <param name="parallel">Threads for model work.</param>
    public static Task<RunOutcome> RunAsync(
        Experiment experiment,
        EventStore store,
        PreparedModels models,
        int parallel,
        CancellationToken interrupt
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        return RunHost.RunAsync(
            models.PlanOf(experiment),
            store,
            models.Effects,
            new SessionOptions(parallel, Meter: models.Meter, Refusals: models.Refusals, Index: models.Index),
            new NullHost(),
            TimeProvider.System,
            interrupt,
            CancellationToken.None
        );
    }

    /// <summary>Says every failure of a client as a provider's.</summary>
    private sealed class FailingChat(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                return await base.GetResponseAsync(messages, options, cancellationToken);
            }
            catch (Exception e) when (e is not ProviderException && !cancellationToken.IsCancellationRequested)
            {
                throw new ProviderException($"The chat client failed: {e.Message}", e);
            }
        }
    }
}
