using System.Globalization;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Curation;

/// <summary><c>perplexity(min, max)</c>: rejects an output whose perplexity is outside a band or undefined.</summary>
/// <param name="Score">The model that measures it: <see cref="ScoreName.Perplexity"/> or <see cref="ScoreName.CurrentPerplexity"/>.</param>
/// <param name="Min">Least perplexity; null, and not written, for no bound. What is all too likely was said before.</param>
/// <param name="Max">Greatest perplexity; null, and not written, for no bound. Noise is unlikely.</param>
public sealed record PerplexityBand(
    ScoreName Score,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Min = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Max = null
) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var score = judged.Score(Score);
        return double.IsNaN(score)
            ? new("perplexity", score, Vote.Reject, $"{Score.Text()} is undefined here")
            : new(
                "perplexity",
                score,
                score >= (Min ?? score) && score <= (Max ?? score) ? Vote.Pass : Vote.Reject,
                string.Create(CultureInfo.InvariantCulture, $"{Score.Text()} {score:0.00}, wanted {Band(Min, Max)}")
            );
    }

    /// <inheritdoc />
    public override string ToString() => $"{Score.Text()} {Band(Min, Max)}";

    /// <summary>A band in words, such as <c>2 to 40</c>.</summary>
    internal static string Band(double? min, double? max) =>
        (min, max) switch
        {
            ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"{low} to {high}"),
            ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $"at least {low}"),
            (null, { } high) => string.Create(CultureInfo.InvariantCulture, $"at most {high}"),
            _ => "anything",
        };
}
