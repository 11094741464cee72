using AiMe.Lab.Analysis.Ratings;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Output.Documents;

/// <summary>Blind ratings of pairs of answers: which of two variants shows which sign.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Variants">The two variants: the first and the second of every row.</param>
/// <param name="Raters">The raters with the number of pairs that each rated.</param>
/// <param name="Rows">By sign: all generations together, then each.</param>
/// <param name="Agreement">Krippendorff's alpha between raters by sign; empty with one rater.</param>
internal sealed record SignReportOutput(
    string Run,
    IReadOnlyList<string> Variants,
    IReadOnlyList<RaterOutput> Raters,
    IReadOnlyList<SignOutput> Rows,
    IReadOnlyList<AlphaOutput> Agreement
) : OutputDocument
{
    public static SignReportOutput Of(SignReport r) =>
        new(
            r.Run,
            r.Variants,
            [.. r.Raters.Select(x => new RaterOutput(x.Rater, x.Pairs))],
            [.. r.Rows.Select(SignOutput.Of)],
            [.. r.Agreement.Select(a => AlphaOutput.From(a.Sign, MeasurementLevel.Nominal, a.Agreement))]
        );
}

/// <summary>A rater.</summary>
/// <param name="Rater">A name of the rater's own choice.</param>
/// <param name="Pairs">Pairs that the rater rated, without those that were skipped.</param>
internal sealed record RaterOutput(string Rater, int Pairs);

/// <summary>How often each variant showed a sign.</summary>
/// <param name="Sign">The sign.</param>
/// <param name="Generation">Generation of the models; null for all together.</param>
/// <param name="OnlyFirst">Ratings that only the first variant shows it.</param>
/// <param name="OnlySecond">Ratings that only the second variant shows it.</param>
/// <param name="Both">Ratings that both show it.</param>
/// <param name="Neither">Ratings that none shows it.</param>
/// <param name="Share">Share of the first variant among ratings that name one; null without any.</param>
/// <param name="Low">Lower bound of its 95% interval; null if undefined.</param>
/// <param name="High">Upper bound of its 95% interval; null if undefined.</param>
/// <param name="Method">The interval is a bootstrap over replicates, or exact binomial over pairs.</param>
internal sealed record SignOutput(
    string Sign,
    int? Generation,
    int OnlyFirst,
    int OnlySecond,
    int Both,
    int Neither,
    double? Share,
    double? Low,
    double? High,
    string Method
)
{
    public static SignOutput Of(SignRow r) =>
        new(r.Sign, r.Generation, r.OnlyFirst, r.OnlySecond, r.Both, r.Neither, r.Share.Mean, r.Share.Low, r.Share.High, r.Method);
}
