using System.Globalization;
using AiMe.Faculties.Curator;

namespace AiMe.Faculties.Curation;

/// <summary>
/// <c>top(score, fraction, window)</c>: causal selection among the last experiences, including this one.
/// </summary>
/// <param name="Fraction">Share that passes, in (0, 1].</param>
/// <param name="Window">
/// Number of experiences compared, including this one, 1 to <see cref="CuratorState.Remembered"/>; those whose score is
/// undefined are not ranked.
/// </param>
public sealed record Top(ScoreName Score, double Fraction, int Window) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var score = judged.Score(Score);
        if (double.IsNaN(score))
            return new("top", score, Vote.Reject, $"{Score.Text()} is undefined here");

        // The earlier of two equal scores ranks higher, so that a repeated score cannot fill the window.
        var (ranked, higher) = (1, 0);
        for (var i = judged.Past.Length - 1; i >= Math.Max(0, judged.Past.Length - (Window - 1)); i--)
        {
            var past = judged.Past[i].Score(Score);
            if (double.IsNaN(past))
                continue;
            ranked++;
            if (past >= score)
                higher++;
        }

        // In binary, .07 x 100 is slightly above 7; without the margin, an eighth would pass.
        var places = (int)Math.Ceiling(Fraction * ranked - 1e-9);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Score.Text()} {score:0.00} is number {higher + 1} of {ranked} that have it in the last {Window}; the first {places} pass"
        );
        return new("top", score, higher < places ? Vote.Pass : Vote.Reject, text);
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"top {Fraction:0.##%} by {Score.Text()} of the last {Window}");
}
