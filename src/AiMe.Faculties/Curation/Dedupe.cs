using System.Globalization;

namespace AiMe.Faculties.Curation;

/// <summary><c>dedupe(similarity)</c>: rejects an output that is too similar to a kept one.</summary>
/// <param name="Similarity">Cosine, in [-1, 1], at or above which an output is a duplicate.</param>
public sealed record Dedupe(double Similarity) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        if (double.IsNaN(judged.Similarity))
            return new("dedupe", double.NaN, Vote.Pass, judged.IsEmpty ? "it has no text" : "nothing was kept before it");
        var text = string.Create(CultureInfo.InvariantCulture, $"closest kept answer at {judged.Similarity:0.00}, limit {Similarity:0.00}");
        return new("dedupe", judged.Similarity, judged.Similarity >= Similarity ? Vote.Reject : Vote.Pass, text);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"dedupe {Similarity}");
}
