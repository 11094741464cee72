using AiMe.Lab.Analysis.Ratings;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Output.Documents;

/// <summary>How far people agree with each other, with the judges of a run, and with its verdicts.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Raters">The people, by name.</param>
/// <param name="Rated">Experiences with at least one rating of a person.</param>
/// <param name="Confidence">Coverage of every interval, a fraction.</param>
/// <param name="Rows">People first, then each judge, then the verdicts.</param>
/// <param name="Notes">What is not compared, and why.</param>
internal sealed record AgreementOutput(
    string Run,
    IReadOnlyList<string> Raters,
    int Rated,
    double Confidence,
    IReadOnlyList<AlphaOutput> Rows,
    IReadOnlyList<string> Notes
) : OutputDocument
{
    public static AgreementOutput Of(string run, AgreementReport r) =>
        new(
            run,
            r.Raters,
            r.Rated,
            AgreementReport.Confidence,
            [.. r.Rows.Select(x => AlphaOutput.From(x.Who, x.Level, x.Agreement))],
            r.Notes
        );
}

/// <summary>Krippendorff's alpha of some raters.</summary>
/// <param name="Of">The raters, or the sign that they rated.</param>
/// <param name="Level">What differences of ratings mean.</param>
/// <param name="Alpha">At most 1; 0 is agreement by chance; null if undefined.</param>
/// <param name="Low">Lower bound of its interval; null if undefined.</param>
/// <param name="High">Upper bound of its interval; null if undefined.</param>
/// <param name="Units">Units with at least two ratings.</param>
/// <param name="Ratings">Ratings of these units.</param>
/// <param name="Why">Why it is undefined; null if it is defined.</param>
internal sealed record AlphaOutput(
    string Of,
    MeasurementLevel Level,
    double? Alpha,
    double? Low,
    double? High,
    int Units,
    int Ratings,
    string? Why
)
{
    public static AlphaOutput From(string of, MeasurementLevel level, Agreement a) =>
        new(of, level, a.Alpha, a.Low, a.High, a.Units, a.Ratings, a.Why);
}
