using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>Log-probabilities of given text from a server that returns them for a prompt.</summary>
/// <remarks>
/// The prompt is that of a chat. What a continuation's probability is conditioned on is found by the tokens of the prompt alone, so
/// that no knowledge of the model's chat template is needed.
/// </remarks>
public sealed class OpenAiScorer : ITextScorer
{
    private readonly OpenAiServer _server;
    private readonly IScoringWay[] _ways;
    private volatile IScoringWay? _known;

    /// <summary>Creates the scorer. Makes no request.</summary>
    public OpenAiScorer(OpenAiServer server, ScoringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _server = server;
        ScoringCalls calls = new(server);
        PromptScoring prompt = new(server, calls);
        EchoScoring echo = new(server, calls, options.Template);
        _ways = options.Way switch
        {
            ScoringWay.Auto => [prompt, echo],
            ScoringWay.PromptLogProbabilities => [prompt],
            ScoringWay.Completions => [echo],
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        _known = _ways is [var only] ? only : null;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<TextScore>> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        CancellationToken cancellationToken
    )
    {
        var scores = new TextScore[continuations.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            if (continuations[i].Length > 0)
                scores[i] = await ScoreAsync(model, messages, continuations[i], cancellationToken);
        }

        return scores;
    }

    private async Task<TextScore> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        string text,
        CancellationToken cancellationToken
    )
    {
        if (_known is { } way)
            return await way.ScoreAsync(model, messages, text, cancellationToken);
        List<string> failures = [];
        foreach (var tried in _ways)
        {
            try
            {
                var score = await tried.ScoreAsync(model, messages, text, cancellationToken);
                _known = tried;
                return score;
            }
            catch (ProviderException failure) when (failure.ForGood)
            {
                failures.Add(failure.Message);
            }
        }

        throw _server.Failure(
            model,
            $"it scores no given text by prompt_logprobs ({failures[0]}) nor by an echo ({failures[^1]}). Set model.scoring: none",
            forGood: true
        );
    }
}
