using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Output.Documents;

/// <summary>A base model of an experiment.</summary>
/// <param name="Model">As <c>models list</c> prints it.</param>
/// <param name="Records">Exchanges in its training text.</param>
/// <param name="Seed">Seed of its training.</param>
/// <param name="WasThere">Whether the store had it already.</param>
/// <param name="Seconds">Time to train or load it.</param>
/// <param name="HeldOut">Loss on exchanges that no training sees.</param>
/// <param name="Fresh">Loss on new draws from the training distribution.</param>
internal sealed record ModelsPretrainOutput(
    [property: Flattened] PretrainedOutput Model,
    int Records,
    ulong Seed,
    bool WasThere,
    double Seconds,
    CorpusLossOutput HeldOut,
    CorpusLossOutput Fresh
) : OutputDocument
{
    public static ModelsPretrainOutput Of(Pretraining p) =>
        new(
            PretrainedOutput.Of(p.Model),
            p.Recipe.Records,
            p.Recipe.Seed,
            p.WasThere,
            Math.Round(p.Took.TotalSeconds, 3),
            CorpusLossOutput.Of(p.HeldOut),
            CorpusLossOutput.Of(p.Fresh)
        );
}

/// <summary>The loss of a model on text of the corpus.</summary>
/// <param name="Exchanges">Number of exchanges.</param>
/// <param name="Tokens">Predicted tokens in them.</param>
/// <param name="CrossEntropy">Nats per token.</param>
/// <param name="Perplexity">exp of the cross-entropy.</param>
/// <param name="Floor">The grammar's entropy on these exchanges, nats per token.</param>
/// <param name="Gap">Excess over the floor, a fraction.</param>
internal sealed record CorpusLossOutput(int Exchanges, long Tokens, double? CrossEntropy, double? Perplexity, double? Floor, double? Gap)
{
    public static CorpusLossOutput Of(CorpusLoss l) => new(l.Exchanges, l.Tokens, l.CrossEntropy, l.Perplexity, l.Floor, l.Gap);
}
