using System.Globalization;

namespace AiMe.Faculties.Curation;

/// <summary><c>min(score, x)</c>: rejects an output whose score is below a bound or undefined.</summary>
public sealed record Minimum(ScoreName Score, double AtLeast) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var score = judged.Score(Score);
        if (double.IsNaN(score))
            return new("min", score, Vote.Reject, $"{Score.Text()} is undefined here");
        var text = string.Create(CultureInfo.InvariantCulture, $"{Score.Text()} {score:0.00}, at least {AtLeast:0.00}");
        return new("min", score, score >= AtLeast ? Vote.Pass : Vote.Reject, text);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"min {Score.Text()} {AtLeast}");
}
