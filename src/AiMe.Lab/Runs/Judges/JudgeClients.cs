using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using AiMe.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Runs.Judges;

/// <summary>The models of a run's judges. No request is made before a judge is asked.</summary>
/// <param name="known">
/// The judges' models as the experiment names them now: their connection stands in place of the recorded one, so that it can be
/// corrected and the run resumed.
/// </param>
/// <param name="own">The run's hosted model; null if it has none.</param>
/// <param name="meter">The run's meter.</param>
/// <param name="replies">Folder that keeps the replies of unfinished requests.</param>
internal sealed class JudgeClients(ImmutableArray<JudgeModel> known, IChatClient? own, UsageMeter meter, string replies)
{
    private readonly ConcurrentDictionary<JudgeModel, Lazy<IChatClient>> _clients = [];

    /// <summary>The distinct models of the judges in some policies, as they are given.</summary>
    public static ImmutableArray<JudgeModel> In(IEnumerable<ImmutableArray<Rule>> policies) =>
        [
            .. policies
                .SelectMany(p => Policy.RulesOf(p))
                .OfType<ModelJudge>()
                .Select(j => j.Model)
                .OfType<JudgeModel>()
                .DistinctBy(IdentityOf),
        ];

    /// <summary>The same without its connection.</summary>
    public static JudgeModel IdentityOf(JudgeModel model) => model with { Connection = null };

    /// <summary>Prepares the clients of the known models, so that the host learns their rates.</summary>
    /// <exception cref="MissingKeyException">A key is not in the environment.</exception>
    public JudgeClients Prepared()
    {
        foreach (var model in known)
            _ = Of(model);
        return this;
    }

    /// <summary>The client of a judge's model.</summary>
    /// <param name="model">Null for the run's hosted model.</param>
    /// <exception cref="ProviderException">A judge of a fork cannot be asked in this process.</exception>
    public IChatClient Of(JudgeModel? model)
    {
        if (model is null)
            return own ?? throw new ProviderException("A judge without a model of its own needs a run with a hosted model.");
        return _clients
            .GetOrAdd(IdentityOf(model), id => new(() => Connect(known.FirstOrDefault(k => IdentityOf(k) == id) ?? model)))
            .Value;
    }

    /// <summary>How the server of a judge is reached, as an origin.</summary>
    public static ModelOrigin.Hosted OriginOf(JudgeModel model)
    {
        var connection = model.Connection
            ?? throw new ProviderException($"The connection of the judge {model.Chat} is unknown; this is a bug in AiMe.");
        return new ModelOrigin.Hosted(
            model.Chat,
            Embeddings: "",
            model.BaseUrl,
            connection.KeyEnv,
            connection.TimeoutSeconds,
            connection.Retries,
            connection.MaxTokens,
            Dimensions: null,
            LogProbabilities: false,
            Samples: 1,
            Batch: 1,
            connection.Prices,
            connection.Limits,
            model.Reasoning
        );
    }

    private ReplyCache Connect(JudgeModel model)
    {
        var origin = OriginOf(model);
        return new ReplyCache(
            new OpenAiChat(PreparedOpenAi.Connect(origin, meter.Beside($"judge {model.Chat}", origin.Prices, origin.Limits)), model.Chat),
            replies
        );
    }
}
