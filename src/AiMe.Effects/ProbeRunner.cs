using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// Asks the probes and measures a model on frozen text. Results that depend on the model alone are cached.
/// </summary>
/// <param name="frozen">Null for a provider that does not score text: its cross-entropies are NaN.</param>
/// <param name="evaluator">Measures the model itself; null for a hosted model.</param>
internal sealed class ProbeRunner(
    IOptionScorer scorer,
    TextGenerator generator,
    HeldOutEvaluator? frozen,
    Func<ModelId, Charter, ProbeSet, CancellationToken, Task<ModelMeasures>>? evaluator = null
)
{
    private const int RepeatSamples = 8;

    // The same at every generation and for every instance, so that the answers differ only by the model.
    private static readonly Seed BareSeed = new Seed(0).Derive("bare probes");

    private readonly AsyncCache<(ModelId Model, string Battery), ImmutableArray<ChoiceResult>> _bare = new();

    public async Task<Command> ProbeAsync(AskProbes e, CancellationToken cancellationToken)
    {
        try
        {
            return new ProbesAnswered(e.Generation, await AskAsync(e, cancellationToken), Heads.None);
        }
        catch (ProviderException failure)
        {
            return new ProbesFailed(e.Generation, e.Attempt, failure.Message);
        }
    }

    private async Task<ProbeResults> AskAsync(AskProbes e, CancellationToken cancellationToken)
    {
        var bare = await BareAsync(e.Model, e.Charter, e.Probes, cancellationToken);
        var agent = ImmutableArray.CreateBuilder<ChoiceResult>(e.Probes.Choices.Length);
        var records = LoopVersion.RecordsWhatIsLeftOut(e.LoopVersion);
        var crowded = 0;
        for (var i = 0; i < e.Probes.Choices.Length; i++)
        {
            var recalled = e.Recalled[i];
            OptionScores choosing = new(
                e.Model,
                e.Charter,
                e.Probes.Neutral,
                e.Probes.Choices[i],
                ask => Prompt.Agent(e.Charter, e.SelfModel, recalled, Asked(ask)),
                e.Seed
            );
            agent.Add(new ChoiceResult(e.Probes.Choices[i].Id, await scorer.ChooseAsync(choosing, cancellationToken)));
            crowded += records ? scorer.Crowded(choosing) : 0;
        }

        var open = ImmutableArray.CreateBuilder<OpenResult>(e.Probes.Open.Length);
        for (var i = 0; i < e.Probes.Open.Length; i++)
        {
            var probe = e.Probes.Open[i];
            var prompt = Prompt.Agent(e.Charter, e.SelfModel, e.Recalled[e.Probes.Choices.Length + i], Asked(probe.Asks[0]));
            var (text, response) = await generator.TrySampleAsync(
                generator.Messages(prompt, e.Charter),
                e.Model,
                e.Sampling,
                e.Seed.Derive("open", i),
                cancellationToken
            );
            open.Add(new OpenResult(probe.Id, text, response is null ? null : TextGenerator.ReasoningOf(response)));
            crowded += records && response is not null && !TextGenerator.LeftOut(response).IsDefault ? 1 : 0;
        }

        var heldOut = await HeldOutAsync(e.Model, e.HeldOutSeed, cancellationToken);
        var measures =
            evaluator is not null && LoopVersion.MeasuresModels(e.LoopVersion)
                ? await evaluator(e.Model, e.Charter, e.Probes, cancellationToken)
                : null;
        if (!LoopVersion.MeasuresCommonTokens(e.LoopVersion))
            measures = measures is null ? null : measures with { HeadCrossEntropy = null };
        return new ProbeResults(bare, agent.MoveToImmutable(), open.MoveToImmutable(), heldOut, crowded, measures);
    }

    /// <summary>
    /// Cross-entropy on the held-out set of a block, nats per token; NaN if the provider does not score text.
    /// </summary>
    public Task<double> HeldOutAsync(ModelId model, Seed seed, CancellationToken cancellationToken) =>
        frozen?.HeldOutAsync(model, seed, cancellationToken) ?? Task.FromResult(double.NaN);

    /// <summary>The same on anchor text.</summary>
    public Task<double> AnchorAsync(ModelId model, Seed seed, CancellationToken cancellationToken) =>
        frozen?.AnchorAsync(model, seed, cancellationToken) ?? Task.FromResult(double.NaN);

    public async Task<double> BareDriftAsync(EvaluateModel e, CancellationToken cancellationToken) =>
        Identity.Drift(
            await BareAsync(e.Candidate, e.Charter, e.Probes, cancellationToken),
            await BareAsync(e.Base, e.Charter, e.Probes, cancellationToken)
        );

    /// <summary>Mean rate of repeated 4-grams in answers to open probes; texts too short for one count as 0.</summary>
    public async Task<double> RepeatsAsync(EvaluateModel e, CancellationToken cancellationToken)
    {
        List<double> rates = [];
        for (var i = 0; i < RepeatSamples && !e.Probes.Open.IsEmpty; i++)
        {
            var probe = e.Probes.Open[i % e.Probes.Open.Length];
            var messages = generator.Messages(Prompt.Bare(e.Charter, Asked(probe.Asks[^1])), e.Charter);
            var seed = e.SampleSeed.Derive("repeats", i);
            var (text, _) = await generator.TrySampleAsync(messages, e.Candidate, Calibration.Typical, seed, cancellationToken);
            if (text.Length == 0)
                continue; // without any text the rate is NaN, and an undefined figure fails its bound
            var rate = RepeatedNgrams.Rate(text);
            rates.Add(double.IsNaN(rate) ? 0 : rate);
        }

        return Mean.Of([.. rates]);
    }

    private Task<ImmutableArray<ChoiceResult>> BareAsync(
        ModelId model,
        Charter charter,
        ProbeSet probes,
        CancellationToken cancellationToken
    ) =>
        _bare.GetAsync(
            (model, Battery(charter, probes)),
            async () =>
            {
                var results = ImmutableArray.CreateBuilder<ChoiceResult>(probes.Choices.Length);
                foreach (var probe in probes.Choices)
                    results.Add(
                        new ChoiceResult(
                            probe.Id,
                            await scorer.ChooseAsync(
                                new(model, charter, probes.Neutral, probe, ask => Prompt.Bare(charter, Asked(ask)), BareSeed),
                                CancellationToken.None
                            )
                        )
                    );
                return results.MoveToImmutable();
            },
            cancellationToken
        );

    // By content, because every instance reads its own copy back from its journal.
    private static string Battery(Charter charter, ProbeSet probes) =>
        string.Join(
            '\n',
            [
                charter.Stem,
                probes.Neutral,
                .. probes.Choices.SelectMany(p => p.Asks.Select(a => $"{p.Id}\t{a.Ask}\t{a.Stem}\t{string.Join('\t', p.Options)}")),
            ]
        );

    private static Stimulus Asked(string ask) => new("probe", ask, "probe");
}
