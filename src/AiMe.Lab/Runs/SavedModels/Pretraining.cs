using AiMe.Corpora;
using AiMe.Effects.Identities;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Experiments;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Training;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>
/// The base model of an experiment, trained as on a run's first use, and measured on text that it was not trained on.
/// </summary>
/// <param name="WasThere">Whether the store had it already.</param>
/// <param name="HeldOut">Loss on exchanges whose hash no training sees, which measures generalization.</param>
/// <param name="Fresh">
/// Loss on new draws from the training distribution, which measures how well it knows the grammar.
/// </param>
/// <param name="Took">Time to train or load it.</param>
public sealed record Pretraining(
    PretrainedModel Model,
    bool WasThere,
    NanoModel Recipe,
    CorpusLoss HeldOut,
    CorpusLoss Fresh,
    TimeSpan Took
)
{
    /// <summary>
    /// Trains generation 0 into the store, or loads it, and measures it: the base model, or what its identity makes of it.
    /// </summary>
    /// <param name="experiment">Has the charter and the identity.</param>
    /// <param name="exchanges">Exchanges of each kind that it is measured on, 1 or more.</param>
    /// <param name="threads">Threads of the training; the result does not depend on it.</param>
    /// <exception cref="GrammarException">The corpus cannot be used.</exception>
    /// <exception cref="Models.ProviderException">The training diverged, or the stored model is damaged.</exception>
    public static async Task<Pretraining> EnsureAsync(
        NanoModel model,
        Experiment experiment,
        EventStore store,
        int exchanges,
        int threads,
        IProgress<TrainingProgress>? progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (began, corpus, before) = (
            time.GetTimestamp(),
            PreparedNano.ReadCorpus(model, experiment),
            PretrainedModel.All(store.ModelsDirectory)
        );
        var nano = await NanoBase.EnsureAsync(model.Recipe, corpus, store.ModelsDirectory, threads, progress, cancellationToken);
        if (experiment.Identity is { } identity)
        {
            await store.Blobs.PutAsync(experiment.IdentityData, cancellationToken);
            nano = await EmbeddedIdentity.EnsureAsync(
                nano,
                identity,
                new Seed(model.Seed),
                store.Blobs,
                store.ModelsDirectory,
                threads,
                progress,
                cancellationToken
            );
        }

        await store.Blobs.PutAsync(nano.Weights, cancellationToken); // generation 0 is a checkpoint like any other
        var took = time.GetElapsedTime(began);
        var pretrained = PretrainedModel.Find(store.ModelsDirectory, nano.Id)!;
        var seed = new Seed(model.Seed);
        return new Pretraining(
            pretrained,
            before.Any(m => m.Name == pretrained.Name),
            model,
            CorpusLoss.Of(nano, corpus.HeldOut(seed.Derive("held-out").Value, exchanges), cancellationToken),
            CorpusLoss.Of(nano, corpus.Drawn(seed.Derive("fresh").Value, exchanges), cancellationToken),
            took
        );
    }
}

/// <summary>A model's loss on exchanges of its corpus, with the grammar's entropy on them.</summary>
/// <param name="Exchanges">Exchanges that fit the context.</param>
/// <param name="Tokens">Predicted tokens in them.</param>
/// <param name="CrossEntropy">Of the model, nats per token.</param>
/// <param name="Floor">
/// The grammar's entropy on these exchanges, nats per token: minus the sum of their exact ln p, over the model's
/// tokens. With few exchanges it varies with their draw, and the model's loss varies with it. A model can be below it
/// by the information in the exchange's hash: held-out exchanges are one in <see cref="Corpus.Buckets"/>, ln 10 = 2.303
/// nats an exchange; fresh ones the other nine, ln (10/9) = 0.105 nats an exchange.
/// </param>
public sealed record CorpusLoss(int Exchanges, long Tokens, double CrossEntropy, double Floor)
{
    /// <summary>exp of the cross-entropy.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>Excess over the floor, as a fraction: .05 is 5%.</summary>
    public double Gap => CrossEntropy / Floor - 1;

    /// <summary>Measures a model.</summary>
    /// <param name="records">Records of the grammar, not authored.</param>
    /// <exception cref="Models.ProviderException">None of them fits its context.</exception>
    internal static CorpusLoss Of(NanoBase nano, IEnumerable<CorpusRecord> records, CancellationToken cancellationToken)
    {
        var prompts = (NanoPrompt)nano.Prompt; // of a model that was trained here
        var fitting = records
            .Select(r => (Record: r, Example: prompts.Encode(r, nano.Corpus.Charter)))
            .Where(x => x.Example is not null)
            .ToArray();
        if (fitting.Length == 0)
            throw new Models.ProviderException($"No exchange of the corpus fits a context of {nano.Config.Context} tokens.");
        var model = new Model(AiMe.Nano.Weights.FromSafetensors(nano.Config, nano.Weights));
        var measured = Trainer.Evaluate(model, [.. fitting.Select(x => x.Example!)], cancellationToken);
        var nats = nano.Corpus.LogProbabilities([.. fitting.Select(x => x.Record)], cancellationToken).Sum();
        return new CorpusLoss(fitting.Length, measured.Tokens, measured.CrossEntropy, -nats / measured.Tokens);
    }
}
