using AiMe.Corpora;
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
/// The base model of an experiment, made as a run would make it on its first use, and measured on text that it was not
/// trained on.
/// </summary>
/// <param name="WasThere">Whether the store had it already.</param>
/// <param name="HeldOut">On exchanges whose hash no training ever sees: it has to get there from others.</param>
/// <param name="Fresh">On new draws of what its training draws from: how near it is to knowing the grammar.</param>
/// <param name="Took">Making or reading it.</param>
public sealed record Pretraining(
    PretrainedModel Model,
    bool WasThere,
    NanoModel Recipe,
    CorpusLoss HeldOut,
    CorpusLoss Fresh,
    TimeSpan Took
)
{
    /// <summary>Trains it into the store, or finds it there, and measures it.</summary>
    /// <param name="exchanges">Of either kind that it is measured on, 1 or more.</param>
    /// <param name="threads">Of the training; the bits do not depend on it.</param>
    /// <exception cref="GrammarException">The corpus cannot be used.</exception>
    /// <exception cref="Models.ProviderException">The training diverged, or the model that the store has is damaged.</exception>
    public static async Task<Pretraining> EnsureAsync(
        NanoModel model,
        string charterFile,
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
            PreparedNano.ReadCorpus(model, charterFile),
            PretrainedModel.All(store.ModelsDirectory)
        );
        var nano = await NanoBase.EnsureAsync(
            new NanoRecipe(model.Preset, model.Records, model.Seed),
            corpus,
            store.ModelsDirectory,
            threads,
            progress,
            cancellationToken
        );
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

/// <summary>How well a model predicts exchanges of its corpus, beside the grammar's own entropy on them.</summary>
/// <param name="Exchanges">That fit the context.</param>
/// <param name="Tokens">Of them, those that are predicted.</param>
/// <param name="CrossEntropy">Of the model, nats per token.</param>
/// <param name="Floor">
/// The grammar's entropy on these exchanges, nats per token: minus the sum of their exact ln p, over the model's tokens.
/// With few exchanges it varies with their
/// draw, and so does the model's, together with it. A model could be below it, by what the exchange's hash tells: held-out
/// exchanges are one in
/// <see cref="Corpus.Buckets"/>, ln 10 = 2.303 nats an exchange; fresh ones the other nine, ln (10/9) = 0.105 nats an exchange.
/// </param>
public sealed record CorpusLoss(int Exchanges, long Tokens, double CrossEntropy, double Floor)
{
    /// <summary>exp of the cross-entropy.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>How far above the floor, as a fraction: .05 is 5%.</summary>
    public double Gap => CrossEntropy / Floor - 1;

    /// <summary>Measures a model.</summary>
    /// <param name="records">Of the grammar, not authored.</param>
    /// <exception cref="Models.ProviderException">None of them fits its context.</exception>
    internal static CorpusLoss Of(NanoBase nano, IEnumerable<CorpusRecord> records, CancellationToken cancellationToken)
    {
        var prompts = new NanoPrompt(nano.Tokenizer, nano.Config.Context);
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
