using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Metrics.Distributions;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Measures how a model's answer to a choice probe is distributed over the options.</summary>
internal interface IOptionScorer
{
    /// <summary>One row for each paraphrase, in their order.</summary>
    /// <exception cref="ProviderException">The provider failed.</exception>
    Task<ImmutableArray<ImmutableArray<double>>> ChooseAsync(OptionScores choosing, CancellationToken cancellationToken);

    /// <summary>Number of wordings of the probe for whose whole prompt the model has no room.</summary>
    int Crowded(OptionScores choosing) => 0;
}

/// <summary>A choice probe for a model.</summary>
/// <param name="Neutral">A neutral stimulus.</param>
/// <param name="Prompt">The prompt that contains a question.</param>
/// <param name="Seed">Used if answers have to be sampled.</param>
internal sealed record OptionScores(
    ModelId Model,
    Charter Charter,
    string Neutral,
    ChoiceProbe Probe,
    Func<string, Prompt> Prompt,
    Seed Seed
);

/// <summary>
/// Scores every option as the completion of the stem: score = ln p(option | prompt, stem) - ln p(option | neutral
/// stimulus, stem); softmax over the options.
/// </summary>
/// <param name="format">The format of the model's prompts.</param>
internal sealed class LogProbOptionScorer(ITextScorer scorer, IPromptFormat format) : IOptionScorer
{
    /// <inheritdoc />
    public int Crowded(OptionScores choosing) =>
        choosing.Probe.Asks.Count(ask => !scorer.LeftOut(Messages(choosing, ask), choosing.Probe.Options).IsEmpty);

    /// <inheritdoc />
    public async Task<ImmutableArray<ImmutableArray<double>>> ChooseAsync(OptionScores choosing, CancellationToken cancellationToken)
    {
        var (model, probe) = (choosing.Model.Value, choosing.Probe);
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<double>>(probe.Asks.Length);
        foreach (var ask in probe.Asks)
        {
            var asked = await scorer.ScoreAsync(model, Messages(choosing, ask), probe.Options, cancellationToken);
            var neutral = await scorer.ScoreAsync(
                model,
                [Parts.Message(Parts.Stimulus, choosing.Neutral), Parts.Message(Parts.Stem, ask.Stem)],
                probe.Options,
                cancellationToken
            );
            rows.Add([.. SoftmaxDistribution.Of([.. asked.Zip(neutral, (a, n) => a.Nats - n.Nats)])]);
        }

        return rows.MoveToImmutable();
    }

    private List<ChatMessage> Messages(OptionScores choosing, ProbeAsk ask) =>
        [.. format.Messages(choosing.Prompt(ask.Ask), choosing.Charter), Parts.Message(Parts.Stem, ask.Stem)];
}
