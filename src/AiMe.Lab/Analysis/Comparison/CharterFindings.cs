namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What several charters show beside their mean: whether the difference is the same in all.</summary>
internal static class CharterFindings
{
    /// <summary>The subject of these findings.</summary>
    public const string About = "charters";

    /// <summary>One sentence a contrast, of which all but the first are details.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        foreach (var (i, contrast) in comparison.CharterContrasts.Index())
        {
            if (contrast.Charters.Length < 2)
                continue;
            yield return new ComparisonFinding(
                About,
                $"{Sentence.Capital(Sentence.Subject(contrast.Measure))}, {contrast.First} minus {contrast.Second}, "
                    + "has the sign of its mean in "
                    + $"{contrast.SameSign} of {contrast.Charters.Length} charters{Scatter(contrast)}.",
                Detail: i > 0
            );
        }
    }

    private static string Scatter(CharterContrast contrast)
    {
        var (between, within) = (contrast.Scatter.Between, contrast.Scatter.Within);
        if (double.IsNaN(between))
            return "";
        var (apart, chance) = (
            contrast.Measure.ShowDifference(between),
            $"{contrast.Measure.ShowDifference(within)}{Sentence.Unit(contrast.Measure)}"
        );
        return between == 0
            ? $"; charters differ in it no more than replicates of one charter do (standard deviation within charters {chance})"
            : $"; its standard deviation is {apart} between charters and {chance} within them";
    }
}
