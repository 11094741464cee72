using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Kernel;
using AiMe.Metrics;
using AiMe.Mind;
using AiMe.Models;
using AiMe.Models.Corpora;
using AiMe.Models.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Asks the probes and measures a model on frozen text. What depends on the model alone is measured once.</summary>
internal sealed class Examiner(ITextScorer scorer, Speaker speaker, Corpus corpus)
{
    /// <summary>Records in the held-out set, and in the anchor set.</summary>
    public const int HeldOutRecords = 64;

    private const int RepeatSamples = 8;

    private readonly ConcurrentDictionary<(ModelId Model, string Battery), Lazy<Task<ImmutableArray<ChoiceResult>>>> _bare = [];
    private readonly ConcurrentDictionary<(ModelId, Seed, bool), Lazy<Task<double>>> _crossEntropies = [];

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
        for (var i = 0; i < e.Probes.Choices.Length; i++)
        {
            var recalled = e.Recalled[i];
            agent.Add(await ChooseAsync(e.Model, e.Probes.Neutral, e.Probes.Choices[i], ask => Prompt.Agent(e.Charter, e.SelfModel, recalled, Asked(ask)), cancellationToken));
        }

        var open = ImmutableArray.CreateBuilder<OpenResult>(e.Probes.Open.Length);
        for (var i = 0; i < e.Probes.Open.Length; i++)
        {
            var probe = e.Probes.Open[i];
            var prompt = Prompt.Agent(e.Charter, e.SelfModel, e.Recalled[e.Probes.Choices.Length + i], Asked(probe.Asks[0]));
            open.Add(new OpenResult(probe.Id, await TrySampleAsync(Messages.Of(prompt), e.Model, e.Sampling, e.Seed.Derive("open", i), cancellationToken)));
        }

        var heldOut = await HeldOutAsync(e.Model, e.HeldOutSeed, cancellationToken);
        return new ProbeResults(bare, agent.MoveToImmutable(), open.MoveToImmutable(), heldOut);
    }

    /// <summary>Cross-entropy on the held-out set of a block, nats per token.</summary>
    public Task<double> HeldOutAsync(ModelId model, Seed seed, CancellationToken cancellationToken) => CrossEntropyAsync(model, seed, heldOut: true, cancellationToken);

    /// <summary>Cross-entropy on a draw of its own from the corpus that training text comes from, one a block, nats per token. Its records may be known.</summary>
    public Task<double> AnchorAsync(ModelId model, Seed seed, CancellationToken cancellationToken) => CrossEntropyAsync(model, seed, heldOut: false, cancellationToken);

    public async Task<double> BareDriftAsync(EvaluateModel e, CancellationToken cancellationToken) => Identity.Drift(
        await BareAsync(e.Candidate, e.Charter, e.Probes, cancellationToken),
        await BareAsync(e.Base, e.Charter, e.Probes, cancellationToken));

    /// <summary>Mean rate of repeated 4-grams in answers to open probes; texts too short for one count as 0.</summary>
    public async Task<double> RepeatsAsync(EvaluateModel e, CancellationToken cancellationToken)
    {
        List<double> rates = [];
        for (var i = 0; i < RepeatSamples && !e.Probes.Open.IsEmpty; i++)
        {
            var probe = e.Probes.Open[i % e.Probes.Open.Length];
            var messages = Messages.Of(Prompt.Bare(e.Charter, Asked(probe.Asks[^1])));
            if (await TrySampleAsync(messages, e.Candidate, Calibration.Typical, e.SampleSeed.Derive("repeats", i), cancellationToken) is not { Length: > 0 } text)
                continue; // a model that gives nothing at all is left with no rate, and an undefined figure fails its bound
            var rate = RepeatedNgrams.Rate(text);
            rates.Add(double.IsNaN(rate) ? 0 : rate);
        }

        return Mean.Of([.. rates]);
    }

    private Task<ImmutableArray<ChoiceResult>> BareAsync(ModelId model, Charter charter, ProbeSet probes, CancellationToken cancellationToken) =>
        OnceAsync(_bare, (model, Battery(charter, probes)), async () =>
        {
            var results = ImmutableArray.CreateBuilder<ChoiceResult>(probes.Choices.Length);
            foreach (var probe in probes.Choices)
                results.Add(await ChooseAsync(model, probes.Neutral, probe, ask => Prompt.Bare(charter, Asked(ask)), CancellationToken.None));
            return results.MoveToImmutable();
        }, cancellationToken);

    // score(option) = ln p(option | prompt, stem) - ln p(option | a stimulus that asks nothing, stem); softmax over the options.
    private async Task<ChoiceResult> ChooseAsync(ModelId model, string nothing, ChoiceProbe probe, Func<string, Prompt> prompt, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<double>>(probe.Asks.Length);
        foreach (var ask in probe.Asks)
        {
            var asked = await scorer.ScoreAsync(model.Value, Messages.Of(prompt(ask.Ask), Parts.Stem, ask.Stem), probe.Options, cancellationToken);
            var neutral = await scorer.ScoreAsync(model.Value, [Parts.Message(Parts.Stimulus, nothing), Parts.Message(Parts.Stem, ask.Stem)], probe.Options, cancellationToken);
            rows.Add([.. Softmax.Of([.. asked.Zip(neutral, (a, n) => a.Nats - n.Nats)])]);
        }

        return new ChoiceResult(probe.Id, rows.MoveToImmutable());
    }

    private Task<double> CrossEntropyAsync(ModelId model, Seed seed, bool heldOut, CancellationToken cancellationToken) =>
        OnceAsync(_crossEntropies, (model, seed, heldOut), async () =>
        {
            var records = heldOut ? corpus.HeldOut(seed.Value, HeldOutRecords) : corpus.Records(seed.Derive("anchor check").Value, HeldOutRecords);
            var sum = default(CrossEntropy);
            foreach (var record in records)
            {
                var messages = NanoPrompt.Messages(record, corpus.Charter);
                var score = (await scorer.ScoreAsync(model.Value, [.. messages.Take(messages.Count - 1)], [messages[^1].Text], CancellationToken.None))[0];
                sum += new CrossEntropy(-score.Nats, score.Tokens);
            }

            return sum.PerToken;
        }, cancellationToken);

    // What failed is measured anew: a provider's bad minute is not remembered as a measurement.
    private static async Task<T> OnceAsync<TKey, T>(ConcurrentDictionary<TKey, Lazy<Task<T>>> known, TKey key, Func<Task<T>> measure, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var measured = known.GetOrAdd(key, _ => new Lazy<Task<T>>(measure));
        try
        {
            return await measured.Value.WaitAsync(cancellationToken);
        }
        catch (Exception) when (measured.Value.IsFaulted)
        {
            known.TryRemove(KeyValuePair.Create(key, measured));
            throw;
        }
    }

    // An empty text is what the model gave: it is shown as that, and the round goes on.
    private async Task<string> TrySampleAsync(List<ChatMessage> messages, ModelId model, Sampling sampling, Seed seed, CancellationToken cancellationToken)
    {
        try
        {
            return (await speaker.SampleAsync(messages, TextTask.Answer, model, sampling, seed, cancellationToken)).Text;
        }
        catch (ProviderException)
        {
            return "";
        }
    }

    // By content: every instance reads its own copy back from its journal.
    private static string Battery(Charter charter, ProbeSet probes) =>
        string.Join('\n', [charter.Stem, probes.Neutral, .. probes.Choices.SelectMany(p => p.Asks.Select(a => $"{p.Id}\t{a.Ask}\t{a.Stem}\t{string.Join('\t', p.Options)}"))]);

    private static Stimulus Asked(string ask) => new("probe", ask, "probe");
}
