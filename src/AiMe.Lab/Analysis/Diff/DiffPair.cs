namespace AiMe.Lab.Analysis.Diff;

/// <summary>One stimulus answered by both instances.</summary>
public sealed record DiffPair(DiffAnswer First, DiffAnswer Second)
{
    /// <summary>
    /// Cosine of the embeddings of both answers, in [-1, 1]; NaN if either has none. It measures similarity of wording,
    /// not of meaning.
    /// </summary>
    public double Cosine =>
        First.Embedding is { } a && Second.Embedding is { } b && a.Components.Length == b.Components.Length ? a.Cosine(b) : double.NaN;

    /// <summary>Whether the answers are equal, character by character.</summary>
    public bool IsIdentical => First.Text == Second.Text;
}
