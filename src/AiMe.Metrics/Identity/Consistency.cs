using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Identity;

/// <summary>How far answers agree with each other.</summary>
/// <remarks>Source: docs/SCIENCE.md, "consistency"; Abdulhai et al. (2025), line-to-line consistency.</remarks>
public static class Consistency
{
    /// <summary>Share of pairs of wordings of a question to which the likeliest option is the same, mean over questions.</summary>
    /// <param name="answers">
    /// By question, the distribution of each wording; shape (wordings, options). Of equally likely options the first counts.
    /// </param>
    /// <returns>In [0, 1]. NaN without a question of two wordings.</returns>
    public static double LineToLine(IReadOnlyDictionary<string, IReadOnlyList<double[]>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return Mean.Of([
            .. answers.OrderBy(a => a.Key, StringComparer.Ordinal).Where(a => a.Value.Count > 1).Select(a => Agreeing(a.Value)),
        ]);
    }

    private static double Agreeing(IReadOnlyList<double[]> wordings)
    {
        int[] likeliest = [.. wordings.Select(p => Array.IndexOf(p, p.Max()))];
        var (agreeing, pairs) = (0, 0);
        for (var i = 0; i < likeliest.Length; i++)
        {
            for (var j = i + 1; j < likeliest.Length; j++, pairs++)
                agreeing += likeliest[i] == likeliest[j] ? 1 : 0;
        }

        return (double)agreeing / pairs;
    }
}
