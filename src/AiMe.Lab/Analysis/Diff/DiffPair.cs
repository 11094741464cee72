namespace AiMe.Lab.Analysis.Diff;

/// <summary>One stimulus answered by both lives.</summary>
public sealed record DiffPair(DiffAnswer First, DiffAnswer Second)
{
    /// <summary>
    /// Cosine of the two answers' journalled embeddings, in [-1, 1]; NaN where either has none. Likeness of wording, not of
    /// meaning.
    /// </summary>
    public double Cosine =>
        First.Embedding is { } a && Second.Embedding is { } b && a.Components.Length == b.Components.Length ? a.Cosine(b) : double.NaN;

    /// <summary>Whether the answers are the same, character by character.</summary>
    public bool IsIdentical => First.Text == Second.Text;
}
