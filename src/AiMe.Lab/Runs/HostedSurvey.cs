using AiMe.Lab.Experiments;
using AiMe.Models.OpenAi.Scoring;
using AiMe.Models.OpenAi.Survey;

namespace AiMe.Lab.Runs;

/// <summary>Asks the server of a hosted model what it can do.</summary>
public static class HostedSurvey
{
    /// <summary>The findings, one after the other.</summary>
    /// <exception cref="Models.MissingKeyException">The model's key is not in the environment.</exception>
    public static IAsyncEnumerable<Capability> AskAsync(OpenAiModel model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var scoring = HostedScorer.OptionsOf(model.Origin) ?? new ScoringOptions(ScoringWay.Auto);
        return new ServerSurvey(PreparedOpenAi.Connect(model.Origin), model.Chat, model.Embeddings, scoring).AskAsync(cancellationToken);
    }
}
