using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Metrics.Distributions;
using AiMe.Models;
using AiMe.Models.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// Measures a local model against the model of generation 0, on fixed exchanges and on samples of both. The exchanges, stimuli and
/// seeds are the same for every model and instance, so a model is measured once.
/// </summary>
/// <param name="birth">The model of generation 0.</param>
internal sealed class ModelEvaluator(ITextScorer scorer, IModelInspector inspector, ModelId birth, Corpus corpus, CharterAxis axis)
{
    /// <summary>Fixed exchanges, at whose answers' positions the next token is compared.</summary>
    public const int Exchanges = 48;

    /// <summary>Samples of a model.</summary>
    public const int Samples = 32;

    private const int MostTokens = 48;
    private const int Likeliest = 10;
    private const int CountedRecords = 2000; // whose answers say which types are rare

    private static readonly Seed s_seed = new Seed(0).Derive("model measures");

    private readonly AsyncCache<(ModelId Model, string Charter, string? Recognition), ModelMeasures> _measured = new();
    private readonly AsyncCache<string, IReadOnlyList<ScoredSample>> _birthSamples = new();
    private readonly SelfRecognition _recognition = new(scorer, birth);
    private readonly AsyncCache<int, NextTokens> _birthTokens = new();
    private readonly CorpusRecord[] _exchanges = [.. corpus.HeldOut(s_seed.Derive("exchanges").Value, Exchanges)];
    private readonly CorpusRecord[] _stimuli = [.. corpus.HeldOut(s_seed.Derive("stimuli").Value, Samples)];
    private readonly Lazy<HashSet<int>> _rare = new(() => Rare(inspector, corpus));

    /// <summary>The measures of a model.</summary>
    /// <exception cref="ProviderException">The model is unavailable.</exception>
    public Task<ModelMeasures> MeasureAsync(ModelId model, Charter charter, ProbeSet probes, CancellationToken cancellationToken) =>
        _measured.GetAsync(
            (model, charter.Stem, probes.Recognition ? probes.Neutral : null),
            async () =>
            {
                var next = await NextTokensAsync(model);
                var prompts = _stimuli.Select(s => Prompted(s, charter)).ToArray();
                var own = await SamplesAsync(model, prompts);
                var first = await _birthSamples.GetAsync(charter.Stem, () => SamplesAsync(birth, prompts), CancellationToken.None);
                var recognised = probes.Recognition
                    ? await _recognition.MeasureAsync(model, charter, probes.Neutral, prompts, _stimuli, own, first, CancellationToken.None)
                    : new Recognised(double.NaN, double.NaN, double.NaN, double.NaN);
                return new ModelMeasures(
                    KlToBirth: Defined(next.Kl / next.Positions),
                    TailCrossEntropy: Defined(next.Tail.PerToken),
                    TopTen: Defined(next.Top / next.Positions),
                    Gini: Defined(next.Gini / next.Positions),
                    SelfCrossEntropy: Defined(CrossEntropy.Sum(own.Select(t => Of(t.Score))).PerToken),
                    Plausibility: Defined(await CrossEntropyAsync(birth, prompts, own)),
                    Forgetting: Defined(await CrossEntropyAsync(model, prompts, first)),
                    CharterAxis: Defined(await axis.OfModelAsync(model, charter, CancellationToken.None)),
                    HeadCrossEntropy: Defined(next.Head.PerToken),
                    Recognition: Defined(recognised.Auc),
                    SaidOwn: Defined(recognised.Said),
                    Preference: Defined(recognised.Better),
                    Likelier: Defined(recognised.Likelier)
                );
            },
            cancellationToken
        );

    private async Task<Sums> NextTokensAsync(ModelId model)
    {
        var sums = new Sums();
        for (var i = 0; i < _exchanges.Length; i++)
        {
            var messages = NanoPrompt.Messages(_exchanges[i], corpus.Charter);
            var then = await _birthTokens.GetAsync(
                i,
                () => inspector.DistributionsAsync(birth.Value, messages, CancellationToken.None),
                CancellationToken.None
            );
            var now = model == birth ? then : await inspector.DistributionsAsync(model.Value, messages, CancellationToken.None);
            for (var p = 0; p < now.Targets.Length; p++)
                sums.Add(now.At(p), then.At(p), now.Targets[p], _rare.Value.Contains(now.Targets[p]));
        }

        return sums;
    }

    private Task<IReadOnlyList<ScoredSample>> SamplesAsync(ModelId model, IReadOnlyList<IReadOnlyList<ChatMessage>> prompts) =>
        inspector.SampleAsync(
            model.Value,
            prompts,
            MostTokens,
            [.. Enumerable.Range(0, prompts.Count).Select(i => s_seed.Derive("sample", i).Value)],
            CancellationToken.None
        );

    private async Task<double> CrossEntropyAsync(
        ModelId model,
        IReadOnlyList<IReadOnlyList<ChatMessage>> prompts,
        IReadOnlyList<ScoredSample> texts
    )
    {
        var sum = default(CrossEntropy);
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Text.Length > 0)
                sum += Of((await scorer.ScoreAsync(model.Value, prompts[i], [texts[i].Text], CancellationToken.None))[0]);
        }

        return sum.PerToken;
    }

    private static List<ChatMessage> Prompted(CorpusRecord record, Charter charter) =>
        ChatMessages.Of(Prompt.Bare(charter, new Stimulus("sample", record.Stimulus, record.Topic, record.Internal)));

    private static CrossEntropy Of(TextScore score) => new(-score.Nats, score.Tokens);

    private static double? Defined(double value) => double.IsNaN(value) ? null : value;

    // The types of the corpus' answers, the rarer half of them by count; ties by id.
    private static HashSet<int> Rare(IModelInspector inspector, Corpus corpus)
    {
        var counts = corpus
            .Records(s_seed.Derive("types").Value, CountedRecords)
            .SelectMany(r => inspector.Tokens(r.Answer))
            .CountBy(t => t)
            .OrderBy(c => c.Value)
            .ThenBy(c => c.Key)
            .ToArray();
        return [.. counts.Take(counts.Length / 2).Select(c => c.Key)];
    }

    /// <summary>Sums over the positions of the fixed exchanges.</summary>
    private sealed class Sums
    {
        private double[] _p = [];

        public int Positions { get; private set; }

        public double Kl { get; private set; }

        public double Top { get; private set; }

        public double Gini { get; private set; }

        public CrossEntropy Tail { get; private set; }

        public CrossEntropy Head { get; private set; }

        /// <param name="now">ln p of the next token under the model.</param>
        /// <param name="then">The same under the model of generation 0.</param>
        public void Add(ReadOnlySpan<float> now, ReadOnlySpan<float> then, int target, bool isRare)
        {
            if (_p.Length != now.Length)
                _p = new double[now.Length];
            Positions++;
            Kl += KullbackLeibler.OfLogs(now, then, _p);
            Top += Concentration.TopMass(_p, Likeliest);
            Gini += Concentration.Gini(_p);
            if (isRare)
                Tail += new CrossEntropy(-now[target], 1);
            else
                Head += new CrossEntropy(-now[target], 1);
        }
    }
}
