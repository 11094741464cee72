using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Models;
using AiMe.Models.Distributions;
using AiMe.Models.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Real examples: exchanges that no model of a run gave, as messages that end in an answer.</summary>
internal interface IRealExamples
{
    /// <summary>Examples that join a round's set; with one seed, fewer are the first of more.</summary>
    IEnumerable<IReadOnlyList<ChatMessage>> Anchors(Seed seed, int count);

    /// <summary>The real examples of the first round's set.</summary>
    /// <param name="seed">The seed of the round's anchors.</param>
    IEnumerable<IReadOnlyList<ChatMessage>> OfFirstRound(Seed seed, int count);

    /// <summary>Examples that no training sees.</summary>
    IEnumerable<IReadOnlyList<ChatMessage>> HeldOut(Seed seed);

    /// <summary>As many of the kind that trainings see.</summary>
    IEnumerable<IReadOnlyList<ChatMessage>> AnchorCheck(Seed seed);
}

/// <summary>Exchanges of a corpus.</summary>
internal sealed class CorpusExamples(Corpus corpus) : IRealExamples
{
    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> Anchors(Seed seed, int count) => Messages(corpus.Records(seed.Value, count));

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> OfFirstRound(Seed seed, int count) =>
        Messages(corpus.Records(seed.Derive("real").Value, count));

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> HeldOut(Seed seed) => Messages(corpus.HeldOut(seed.Value, HeldOutEvaluator.Records));

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> AnchorCheck(Seed seed) =>
        Messages(corpus.Records(seed.Derive("anchor check").Value, HeldOutEvaluator.Records));

    private IEnumerable<IReadOnlyList<ChatMessage>> Messages(IEnumerable<CorpusRecord> records) =>
        records.Select(r => NanoPrompt.Messages(r, corpus.Charter));
}

/// <summary>Draws of the real distribution.</summary>
/// <param name="birth">
/// Seed of the draws that generation 0 was fitted to. The first round's real examples are these: real data are kept.
/// </param>
internal sealed class DrawExamples(DistributionShape shape, ulong birth) : IRealExamples
{
    // A draw has many numbers, and each is a token.
    private const int CheckedNumbers = 4096;

    private int Checked => Math.Clamp(CheckedNumbers / shape.Dimensions, 1, HeldOutEvaluator.Records);

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> Anchors(Seed seed, int count) => Messages(seed.Value, count);

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> OfFirstRound(Seed seed, int count) => Messages(birth, count);

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> HeldOut(Seed seed) => Messages(seed.Derive("held out").Value, Checked);

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> AnchorCheck(Seed seed) => Messages(seed.Derive("anchor check").Value, Checked);

    private IEnumerable<IReadOnlyList<ChatMessage>> Messages(ulong seed, int count) =>
        shape
            .Real(seed, count)
            .Select(draw =>
                (IReadOnlyList<ChatMessage>)
                    [Parts.Message(Parts.Stimulus, "Draw."), Parts.Message(Parts.Answer, DrawText.Write(shape, draw))]
            );
}
