using System.Collections.Frozen;
using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Models.Nano;

namespace AiMe.Lab.Analysis.Recognition;

/// <summary>Self-recognition of every instance of a run, from its checkpoints and its recorded answers.</summary>
/// <remarks>
/// The model of generation g speaks in round g + 1, so these are its own texts, and it was not trained on them. Neither was it
/// trained on its sibling's of that round, nor on the sibling's of round 1, which are generation 0's, nor on held-out text: a
/// model finds every text likelier that it was trained on, also the text of others. Writes nothing; the result depends on the record alone.
/// </remarks>
public sealed class RecognitionStudy
{
    private readonly RunRecord _record;
    private readonly int _texts;
    private readonly FrozenDictionary<ModelId, Lineage> _lineages;
    private readonly ImmutableArray<RecognitionText> _corpus;

    private RecognitionStudy(
        RunRecord record,
        int generation,
        int texts,
        IEnumerable<KeyValuePair<ModelId, StoredModels>> models,
        ImmutableArray<RecognitionText> corpus
    )
    {
        (_record, Generation, _texts, _corpus) = (record, generation, texts, corpus);
        _lineages = models.ToFrozenDictionary(m => m.Key, m => Lineage.Of(m.Value, record.Plan));
        Judges = [.. record.Instances.Where(i => ModelOf(i, generation) is not null && !Texts(i, generation + 1).IsEmpty)];
    }

    /// <summary>The studied generation.</summary>
    public int Generation { get; }

    /// <summary>The instances that reached the generation and have answers of the round after it, in the order of the plan.</summary>
    public ImmutableArray<InstanceRecord> Judges { get; }

    /// <summary>The last generation after which some instance answered in a round.</summary>
    public static int LastOf(RunRecord record) =>
        record
            .Instances.SelectMany(i => Enumerable.Range(0, record.Plan.Rounds).Where(g => !RecognitionText.Of(i, g + 1, 1).IsEmpty))
            .DefaultIfEmpty(0)
            .Max();

    /// <summary>Opens a study.</summary>
    /// <param name="texts">At most so many answers of an instance, and texts of the corpus.</param>
    /// <exception cref="ArgumentException">The run's model is hosted.</exception>
    /// <exception cref="ModelPreparationException">The store does not have the base model.</exception>
    /// <exception cref="CorruptBlobException">The corpus is missing or altered.</exception>
    public static async Task<RecognitionStudy> OpenAsync(
        EventStore store,
        RunRecord record,
        int generation,
        int texts,
        CancellationToken cancellationToken
    )
    {
        if (record.Plan.Origin is not ModelOrigin.Nano origin)
            throw new ArgumentException(
                "Self-recognition by likelihood needs the embedded model, which gives exact log-probabilities of texts."
            );
        if (record.Plan.HasCharters)
            throw new ArgumentException(
                "Self-recognition by likelihood is studied among the instances of one charter, and this run has several."
            );
        var corpus = await CorpusAsync(origin, store, record.Plan.Seed, texts, cancellationToken);
        var models = record.Instances.Select(i => record.Plan.BaseOf(i.Variant)).Distinct();
        return new(
            record,
            generation,
            texts,
            models.Select(m => KeyValuePair.Create(m, StoredModels.Open(store, m, record.Run.Plan?.Origin))),
            corpus
        );
    }

    /// <summary>Studies every judge, in the order of <see cref="Judges"/>.</summary>
    /// <param name="threads">The result does not depend on it.</param>
    /// <param name="progress">Receives the number of judges done.</param>
    /// <exception cref="CorruptBlobException">A checkpoint is missing or altered.</exception>
    public async Task<ImmutableArray<InstanceRecognition>> RunAsync(
        int threads,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var results = new InstanceRecognition[Judges.Length];
        long done = 0;
        await Parallel.ForAsync(
            0,
            Judges.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            async (i, stop) =>
            {
                results[i] = await JudgeAsync(Judges[i], stop);
                progress?.Report(Interlocked.Increment(ref done));
            }
        );
        return [.. results];
    }

    // The next of its variant, around; if it is alone there, the next judge of any variant with its model of generation 0, whose
    // tokens it shares; a lone judge is its own clone.
    private InstanceRecord SiblingOf(InstanceRecord judge)
    {
        ImmutableArray<InstanceRecord> own = [.. Judges.Where(j => j.Variant.Name == judge.Variant.Name)];
        var among = own.Length > 1 ? own : [.. Judges.Where(j => BaseOf(j) == BaseOf(judge))];
        return among[(among.IndexOf(judge) + 1) % among.Length];
    }

    private async Task<InstanceRecognition> JudgeAsync(InstanceRecord judge, CancellationToken cancellationToken)
    {
        var sibling = SiblingOf(judge);
        var own = Texts(judge, Generation + 1);
        return new(
            judge.Name,
            judge.Variant.Name,
            sibling.Name,
            [
                await AgainstAsync(RecognitionReference.Sibling, Model(sibling, Generation), Texts(sibling, Generation + 1)),
                await AgainstAsync(RecognitionReference.Ancestor, Model(judge, 0), Texts(sibling, 1)),
                await AgainstAsync(RecognitionReference.Corpus, Model(judge, 0), _corpus),
            ]
        );

        async Task<RecognitionResult> AgainstAsync(RecognitionReference reference, ModelId other, ImmutableArray<RecognitionText> texts)
        {
            var (models, likelihood, choice) = _lineages[BaseOf(judge)];
            var model = await models.GetAsync(Model(judge, Generation), cancellationToken);
            var (auc, pairs) = likelihood.Compare(model, await models.GetAsync(other, cancellationToken), own, texts, cancellationToken);
            return new(reference, pairs.Length, auc, await choice.AskAsync(model, pairs, cancellationToken));
        }
    }

    private ModelId BaseOf(InstanceRecord instance) => _record.Plan.BaseOf(instance.Variant);

    private ImmutableArray<RecognitionText> Texts(InstanceRecord instance, int round) => RecognitionText.Of(instance, round, _texts);

    private static ModelId Model(InstanceRecord instance, int generation) =>
        ModelOf(instance, generation)
        ?? throw new System.Diagnostics.UnreachableException("a judge has every generation up to the studied one");

    private static ModelId? ModelOf(InstanceRecord instance, int generation) =>
        instance.Events.Select(e => e.Happened).OfType<Adopted>().FirstOrDefault(a => a.Generation == generation)?.Model;

    // Unpacked beside the store and removed again: reading a run leaves no trace in it.
    private static async Task<ImmutableArray<RecognitionText>> CorpusAsync(
        ModelOrigin.Nano origin,
        EventStore store,
        Seed seed,
        int texts,
        CancellationToken cancellationToken
    )
    {
        const int Draws = 4; // about one exchange in four is another voice's
        var folder = Directory.CreateTempSubdirectory("aime-corpus-");
        try
        {
            var corpus = await CorpusBundle.LoadAsync(
                new BlobId(origin.Corpus),
                store.Blobs,
                folder.FullName,
                charter: null,
                cancellationToken
            );
            return
            [
                .. corpus
                    .HeldOut(seed.Derive("recognition").Value, Draws * texts)
                    .Where(r => r.InCharacter)
                    .Take(texts)
                    .Select(r => new RecognitionText(r.Stimulus, r.Internal, r.Answer)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The models that descend from one model of generation 0, and what asks them.</summary>
    private sealed record Lineage(StoredModels Models, TextLikelihood Likelihood, TextChoice Choice)
    {
        public static Lineage Of(StoredModels models, RunPlan plan) =>
            new(models, new(models.Prompt, plan.Charter), new(models.Prompt, plan.Charter, plan.Probes.Neutral));
    }
}
