namespace AiMe.Lab.Verification;

/// <summary>A place where a store differs from what was written: the first one of its stream, or a blob or a model file.</summary>
/// <param name="Stream">Persistence id; for what belongs to no stream the path of a file.</param>
/// <param name="Ordering">Of the row, or null where there is no row.</param>
/// <param name="SequenceNumber">Of the row, from 1, or of the one that is missing.</param>
/// <param name="Index">Of the event in its life, from 1, where it can be told.</param>
/// <param name="Manifest">Of the event, or of the snapshot.</param>
/// <param name="Field">
/// A column, a member of the payload with its path (<c>d.recalled[0]</c>), <c>heads.self</c> of an anchor,
/// <c>snapshot.items[2].text</c>, or the
/// path at which an event names a blob.
/// </param>
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
