using System.Collections.Immutable;
using AiMe.EventSourcing;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Exchanges that the user gives as held-out text of a hosted model. There is no text to anchor a training.</summary>
internal sealed class GivenExamples(ImmutableArray<IReadOnlyList<ChatMessage>> heldOut) : IRealExamples
{
    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> Anchors(Seed seed, int count) => [];

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> OfFirstRound(Seed seed, int count) => [];

    /// <summary>All exchanges in their order; of more than are measured, a draw that depends on the seed.</summary>
    public IEnumerable<IReadOnlyList<ChatMessage>> HeldOut(Seed seed) =>
        heldOut.Length <= HeldOutEvaluator.Records
            ? heldOut
            : Enumerable
                .Range(0, heldOut.Length)
                .OrderBy(i => seed.Derive("held out", i).Value)
                .ThenBy(i => i)
                .Take(HeldOutEvaluator.Records)
                .Order()
                .Select(i => heldOut[i]);

    /// <inheritdoc />
    public IEnumerable<IReadOnlyList<ChatMessage>> AnchorCheck(Seed seed) => [];
}
