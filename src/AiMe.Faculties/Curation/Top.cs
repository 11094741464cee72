using System.Globalization;
using System.Text.Json.Serialization;
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
/// <param name="Order">Which end of the scores passes. The highest is not written.</param>
public sealed record Top(
    ScoreName Score,
    double Fraction,
    int Window,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] RankOrder Order = RankOrder.Highest
) : Rule
{
    /// <inheritdoc />
    public override RuleColumn Judge(Case judged)
    {
        var score = judged.Score(Score);
        if (double.IsNaN(score))
            return new("top", score, Vote.Reject, $"{Score.Text()} is undefined here");

        // The earlier of two equal scores ranks first, so that a repeated score cannot fill the window.
        var (ranked, before) = (1, 0);
        for (var i = judged.Past.Length - 1; i >= Math.Max(0, judged.Past.Length - (Window - 1)); i--)
        {
            var past = judged.Past[i].Score(Score);
            if (double.IsNaN(past))
                continue;
            ranked++;
            if (Order == RankOrder.Highest ? past >= score : past <= score)
                before++;
        }

        // In binary, .07 x 100 is slightly above 7; without the margin, an eighth would pass.
        var places = (int)Math.Ceiling(Fraction * ranked - 1e-9);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Score.Text()} {score:0.00} is number {before + 1} of {ranked} that have it in the last {Window}{From}; "
                + $"the first {places} pass"
        );
        return new("top", score, before < places ? Vote.Pass : Vote.Reject, text);
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"top {Fraction:0.##%} by {Score.Text()} of the last {Window}{From}");

    private string From => Order == RankOrder.Lowest ? ", from the lowest" : "";
}

/// <summary>Which end of a ranking comes first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RankOrder>))]
public enum RankOrder
{
    /// <summary>The highest score.</summary>
    [JsonStringEnumMemberName("highest")]
    Highest,

    /// <summary>The lowest score.</summary>
    [JsonStringEnumMemberName("lowest")]
    Lowest,
}
