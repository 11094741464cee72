using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Models;

namespace AiMe.Effects;

/// <summary>The answers of a model to the choice probes, outside any run.</summary>
/// <param name="Choices">As the bare model of generation 0 gives them in a run.</param>
/// <param name="Mass">
/// The probability of saying any of the options after the stem, by probe and wording, in [0, 1]. Options that continue each other
/// are counted twice, so the sum is cut at 1.
/// </param>
public sealed record BirthProbes(ImmutableArray<ChoiceResult> Choices, ImmutableDictionary<string, ImmutableArray<double>> Mass)
{
    /// <summary>Asks a model that scores text.</summary>
    /// <exception cref="ProviderException">The model is unavailable, or a probe does not fit its context.</exception>
    public static async Task<BirthProbes> AskAsync(
        ITextScorer scorer,
        ModelId model,
        Charter charter,
        ProbeSet probes,
        CancellationToken cancellationToken
    )
    {
        var options = new LogProbOptionScorer(scorer, new NanoPromptFormat());
        var choices = ImmutableArray.CreateBuilder<ChoiceResult>(probes.Choices.Length);
        var mass = ImmutableDictionary.CreateBuilder<string, ImmutableArray<double>>(StringComparer.Ordinal);
        foreach (var probe in probes.Choices)
        {
            OptionScores choosing = new(model, charter, probes.Neutral, probe, Asked, new Seed(0));
            choices.Add(new ChoiceResult(probe.Id, await options.ChooseAsync(choosing, cancellationToken)));
            var said = ImmutableArray.CreateBuilder<double>(probe.Asks.Length);
            foreach (var ask in probe.Asks)
            {
                var messages = ChatMessages.Of(Asked(ask.Ask), Parts.Stem, ask.Stem);
                var scores = await scorer.ScoreAsync(model.Value, messages, probe.Options, cancellationToken);
                said.Add(Math.Min(1, scores.Sum(s => StrictMath.Exp(s.Nats))));
            }

            mass[probe.Id] = said.MoveToImmutable();
        }

        return new(choices.MoveToImmutable(), mass.ToImmutable());

        Prompt Asked(string ask) => Prompt.Bare(charter, new Stimulus("probe", ask, "probe"));
    }
}
