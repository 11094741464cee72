using System.Globalization;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Curation;

/// <summary>
/// <c>self-reference(min, max)</c>: rejects an output that speaks of itself too rarely or too often, or of which that is undefined.
/// </summary>
/// <param name="Min">Least first-person statements per 100 words; null, and not written, for no bound.</param>
/// <param name="Max">Most first-person statements per 100 words; null, and not written, for no bound.</param>
public sealed record SelfReferenceBand(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Min = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Max = null
) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var score = judged.Scores.SelfReference;
        return double.IsNaN(score)
            ? new("self-reference", score, Vote.Reject, "self-reference is undefined here")
            : new(
                "self-reference",
                score,
                score >= (Min ?? score) && score <= (Max ?? score) ? Vote.Pass : Vote.Reject,
                string.Create(CultureInfo.InvariantCulture, $"self-reference {score:0.00}, wanted {PerplexityBand.Band(Min, Max)}")
            );
    }

    /// <inheritdoc />
    public override string ToString() => $"self-reference {PerplexityBand.Band(Min, Max)}";
}
