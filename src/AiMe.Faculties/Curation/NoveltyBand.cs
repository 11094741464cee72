using System.Globalization;

namespace AiMe.Faculties.Curation;

/// <summary>
/// <c>novelty(min, max)</c>: rejects an output that is too similar to, or too different from, all earlier ones.
/// </summary>
/// <param name="Min">Least novelty, in [0, 2].</param>
/// <param name="Max">Greatest novelty, in [0, 2]: noise is novel too.</param>
public sealed record NoveltyBand(double Min, double Max) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        if (double.IsNaN(judged.Novelty))
            return new("novelty", double.NaN, Vote.Pass, judged.IsEmpty ? "it has no text" : "nothing was said before it");
        var text = string.Create(CultureInfo.InvariantCulture, $"novelty {judged.Novelty:0.00}, wanted {Min:0.00} to {Max:0.00}");
        return new("novelty", judged.Novelty, judged.Novelty >= Min && judged.Novelty <= Max ? Vote.Pass : Vote.Reject, text);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"novelty {Min} to {Max}");
}
