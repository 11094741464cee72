namespace AiMe.Lab.Verification;

/// <summary>
/// A difference between a store and what was written: the first one of its stream, or a blob or a model file.
/// </summary>
/// <param name="Stream">Persistence id; the path of a file if it belongs to no stream.</param>
/// <param name="Ordering">Of the row, or null if there is no row.</param>
/// <param name="SequenceNumber">Of the row, from 1, or of the missing one.</param>
/// <param name="Index">Of the event in its instance, from 1, if it is known.</param>
/// <param name="Manifest">Of the event, or of the snapshot.</param>
/// <param name="Field">
/// A column, a member of the payload with its path (<c>d.recalled[0]</c>), <c>heads.self</c> of an anchor,
/// <c>snapshot.items[2].text</c>, or the path at which an event names a blob.
/// </param>
/// <param name="Expected">What was written, or what follows from the events.</param>
/// <param name="Found">What the store holds.</param>
/// <param name="Meaning">One sentence: what it means.</param>
public sealed record Divergence(
    string Stream,
    long? Ordering,
    long? SequenceNumber,
    long? Index,
    string? Manifest,
    string Field,
    string Expected,
    string Found,
    string Meaning
);
