using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using AiMe.Models.Jobs;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// The effects of the faculties: sampling, embedding, training. An effect in, a command out; shared by every host.
/// </summary>
public sealed class FacultyEffects : IEffects
{
    private readonly TextGenerator _speaker;
    private readonly MemorySearch _librarian;
    private readonly ProbeRunner _examiner;
    private readonly TrainingRunner _coach;
    private readonly TrainingJobRunner? _contractor;

    /// <summary>Effects over a provider that scores text exactly and can be trained.</summary>
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
        IAnswerListener? listener = null
    )
    {
        _speaker = new TextGenerator(chat, appraiser, new NanoPromptFormat(), listener);
        _librarian = new MemorySearch(embedder, index);
        _examiner = new ProbeRunner(new LogProbOptionScorer(scorer), _speaker, new HeldOutEvaluator(scorer, corpus));
        _coach = new TrainingRunner(tuner, blobs, corpus, _examiner);
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
    public FacultyEffects(
        IChatClient chat,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        IMemoryIndex index,
        IBlobs blobs,
        int samples,
        string run,
        Func<ExternalTraining, ITrainingJobs> trainers,
        TimeProvider time,
        IAnswerListener? listener = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        _speaker = new TextGenerator(chat, new ResponseScorer(embedder), new HostedPromptFormat(), listener);
        _librarian = new MemorySearch(embedder, index);
        _examiner = new ProbeRunner(new SampledOptionScorer(_speaker, samples), _speaker, frozen: null);
        _coach = new TrainingRunner(null, blobs, null, _examiner);
        _contractor = new TrainingJobRunner(trainers, blobs, run, time);
    }

    /// <inheritdoc />
    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        effect switch
        {
            GenerateAnswer e => _speaker.AnswerAsync(e, cancellationToken),
            AppraiseAnswer e => _speaker.AppraiseAsync(e, cancellationToken),
            AskProbes e => _examiner.ProbeAsync(e, cancellationToken),
            GenerateReflection e => _speaker.ReflectAsync(e, cancellationToken),
            GenerateInsight e => _speaker.FormInsightAsync(e, cancellationToken),
            EmbedExperience e => _librarian.EmbedAsync(e, cancellationToken),
            SearchMemory e => _librarian.SearchAsync(e, cancellationToken),
            WriteBatch e => _coach.WriteAsync(e, cancellationToken),
            TrainModel e => _coach.TrainAsync(e, cancellationToken),
            JobEffect e => _contractor?.RunAsync(instance, e, cancellationToken)
                ?? throw new NotSupportedException("The embedded model is trained in this process; a plan with external training is a bug."),
            EvaluateModel e => _contractor?.MeasureAsync(_coach, e, cancellationToken) ?? _coach.EvaluateAsync(e, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException($"no handler for the effect {effect.GetType().Name}"),
        };
}
