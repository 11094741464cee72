using AiMe.Corpora;
using AiMe.Effects.Tracing;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using AiMe.Models.Distributions;
using AiMe.Models.Jobs;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>What a local model can be measured by.</summary>
/// <param name="Birth">The model of generation 0.</param>
/// <param name="Untuned">The base model before its identity tuning; null if there is none.</param>
public sealed record ModelInspection(IModelInspector Inspector, ModelId Birth, CharterAxis Axis, ModelId? Untuned = null);

/// <summary>
/// The effects of the faculties: sampling, embedding, training. An effect in, a command out; shared by every host.
/// </summary>
public sealed class FacultyEffects : IEffects
{
    private readonly TextGenerator _generator;
    private readonly MemorySearch _memory;
    private readonly ProbeRunner _probes;
    private readonly TrainingRunner _training;
    private readonly TrainingJobRunner? _jobs;
    private readonly bool _drawsOnly;

    /// <summary>Effects over a provider that scores text exactly and can be trained.</summary>
    /// <param name="models">Measures of models against generation 0; null for none.</param>
    /// <param name="listener">Receives single answers while they are generated; null for none.</param>
    public FacultyEffects(
        IChatClient chat,
        ITextScorer scorer,
        IFineTuner tuner,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        IMemoryIndex index,
        IBlobs blobs,
        Corpus corpus,
        ResponseScorer appraiser,
        ModelInspection? models = null,
        IAnswerListener? listener = null
    )
    {
        _generator = new TextGenerator(new TracedChat(chat), appraiser, new NanoPromptFormat(), listener);
        _memory = new MemorySearch(new TracedEmbedder(embedder), index);
        _probes = new ProbeRunner(
            new LogProbOptionScorer(scorer, new NanoPromptFormat()),
            _generator,
            new HeldOutEvaluator(scorer, new CorpusExamples(corpus)),
            models is null ? null : new ModelEvaluator(scorer, models.Inspector, models.Birth, corpus, models.Axis).MeasureAsync
        );
        _training = new TrainingRunner(tuner, blobs, new CorpusExamples(corpus), _probes, _generator, models?.Untuned);
    }

    /// <summary>
    /// Effects over a distribution, which gives draws alone: its reflections and insights are empty, and what needs tokens, words or a
    /// residual stream is undefined.
    /// </summary>
    /// <param name="birth">Seed of the real draws that generation 0 was fitted to.</param>
    /// <param name="listener">Receives single answers while they are generated; null for none.</param>
    public FacultyEffects(DistributionProvider provider, ulong birth, IMemoryIndex index, IBlobs blobs, IAnswerListener? listener = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var (embedder, real) = (new DrawEmbedder(provider.Shape), new DrawExamples(provider.Shape, birth));
        _drawsOnly = true;
        _generator = new TextGenerator(new TracedChat(provider), new ResponseScorer(embedder), new NanoPromptFormat(), listener);
        _memory = new MemorySearch(new TracedEmbedder(embedder), index);
        _probes = new ProbeRunner(
            new LogProbOptionScorer(provider, new NanoPromptFormat()),
            _generator,
            new HeldOutEvaluator(provider, real),
            async (model, _, _, cancellation) =>
            {
                var fit = await provider.GetAsync(model.Value, cancellation);
                return new ModelMeasures(MeanError: fit.MeanError, Diversity: fit.Diversity);
            }
        );
        _training = new TrainingRunner(provider, blobs, real, _probes, _generator);
    }

    /// <summary>
    /// Effects over a hosted model, which takes text prompts, gives its scores in its reflection, and is trained by
    /// external jobs, if at all.
    /// </summary>
    /// <param name="samples">
    /// Answers sampled for one wording of a choice probe if the provider returns no log-probabilities, 1 or more.
    /// </param>
    /// <param name="run">Run id: part of every job's key.</param>
    /// <param name="trainers">The training jobs of a backend.</param>
    /// <param name="time">Clock for polling jobs.</param>
    /// <param name="listener">Receives single answers while they are generated; null for none.</param>
    /// <param name="scoring">How the server scores given text; null if it does not.</param>
    /// <param name="names">Whether the server is told the parts of a prompt.</param>
    public FacultyEffects(
        IChatClient chat,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        IMemoryIndex index,
        IBlobs blobs,
        int samples,
        string run,
        Func<ExternalTraining, ITrainingJobs> trainers,
        TimeProvider time,
        IAnswerListener? listener = null,
        HostedScoring? scoring = null,
        bool names = false
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var (traced, format) = (new TracedChat(chat), new HostedPromptFormat(scoring is not null, names));
        ResponseScorer appraiser = new(embedder);
        if (scoring is not null)
            appraiser = new(
                scoring.Scorer,
                embedder,
                scoring.Birth,
                new HostedCalibration(new TextGenerator(traced, appraiser, format), scoring).GetAsync
            );
        _generator = new TextGenerator(traced, appraiser, format, listener);
        _memory = new MemorySearch(new TracedEmbedder(embedder), index);
        _probes = scoring is null
            ? new ProbeRunner(new SampledOptionScorer(_generator, samples), _generator, frozen: null)
            : new ProbeRunner(
                new LogProbOptionScorer(scoring.Scorer, format),
                _generator,
                new HeldOutEvaluator(scoring.Scorer, new GivenExamples(scoring.HeldOut))
            );
        _training = new TrainingRunner(
            null,
            blobs,
            null,
            _probes,
            _generator,
            isBaseAsync: scoring is null ? null : new CandidateIdentity(scoring.Scorer).IsAsync
        );
        _jobs = new TrainingJobRunner(trainers, blobs, run, time);
    }

    /// <inheritdoc />
    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        effect switch
        {
            GenerateAnswer e => _generator.AnswerAsync(e, cancellationToken),
            AppraiseAnswer e => _generator.AppraiseAsync(e, cancellationToken),
            AskProbes e => _probes.ProbeAsync(e, cancellationToken),
            GenerateReflection e when _drawsOnly => Task.FromResult<Command>(new ReflectionGenerated(e.Draft, e.Attempt, "")),
            GenerateInsight e when _drawsOnly => Task.FromResult<Command>(new InsightGenerated(e.Draft, e.Reflection, e.Attempt, "")),
            GenerateReflection e => _generator.ReflectAsync(e, cancellationToken),
            GenerateInsight e => _generator.FormInsightAsync(e, cancellationToken),
            EmbedExperience e => _memory.EmbedAsync(e, cancellationToken),
            SearchMemory e => _memory.SearchAsync(e, cancellationToken),
            WriteBatch e => _training.WriteAsync(e, cancellationToken),
            TrainModel e => _training.TrainAsync(e, cancellationToken),
            JobEffect e => _jobs?.RunAsync(instance, e, cancellationToken)
                ?? throw new NotSupportedException("A plan with external training of a model in this process is a bug."),
            EvaluateModel e => _jobs?.MeasureAsync(_training, e, cancellationToken) ?? _training.EvaluateAsync(e, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException($"no handler for the effect {effect.GetType().Name}"),
        };
}
