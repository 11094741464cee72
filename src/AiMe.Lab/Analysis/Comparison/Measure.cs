using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A figure for the comparison of variants.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Title">Its printed name.</param>
/// <param name="Meaning">Unit, range and direction, in a few words.</param>
/// <param name="Decimals">Printed decimals; JSON has full precision.</param>
/// <param name="Least">Minimum of the measure and of its interval.</param>
/// <param name="Most">Maximum of the measure and of its interval.</param>
/// <param name="OfTheModelAlone">Whether it depends only on the weights: without training it cannot change.</param>
/// <param name="Of">Its value for an instance at a generation (of the round before it), given the word budget.</param>
public sealed partial record Measure(
    string Key,
    string Title,
    string Meaning,
    int Decimals,
    bool Percent,
    double Least,
    double Most,
    bool OfTheModelAlone,
    Func<InstanceSummary, int, int, double> Of
)
{
    private const int MostDecimals = 6;
    private const int MostPercentDecimals = 2;
    private const double RoundingNoise = 1e-9;
    private const double Unbounded = double.PositiveInfinity;

    // Made at the first use: the order in which the parts of this type are initialised is not defined.
    private static readonly Lazy<ImmutableArray<Measure>> s_all = new(InOrder);

    /// <summary>Whether its mean is a change already, and so is written with its sign: <c>+180.1%</c>.</summary>
    public bool IsChange { get; init; }

    /// <summary>All measures, in the order of tables.</summary>
    public static ImmutableArray<Measure> All => s_all.Value;

    /// <summary>The measures of how much a model was trained.</summary>
    public static ImmutableArray<Measure> Doses => [Examples, Passes, TokensTrained];

    /// <summary>The keys of all measures, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(m => m.Key));

    /// <summary>Finds a measure by key or title, ignoring case, spaces and hyphens; null if there is none.</summary>
    public static Measure? Find(string name)
    {
        return All.FirstOrDefault(m => Plain(m.Key) == Plain(name) || Plain(m.Title) == Plain(name));

        static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
    }

    /// <summary>Formats a value: "-" if undefined; more decimals if it would be rounded to 0.</summary>
    public string Show(double value) => Show(value, Decimals, Percent ? "%" : "");

    /// <summary>Formats the size of a difference of two values: that of two shares is in percentage points, <c>5 pp</c>.</summary>
    public string ShowDifference(double value) => Show(value, Decimals, Points);

    /// <summary>Formats mean and interval: <c>0.025 [0.010, 0.040]</c>, <c>44% [40%, 48%]</c>, <c>-44 pp [-50, -38]</c>.</summary>
    /// <param name="difference">Whether it is a difference of two values: with its sign, that of shares in percentage points.</param>
    public string Show(Estimate estimate, bool difference = false)
    {
        var (mean, range) = Parts(estimate, difference);
        return range.Length == 0 ? mean : $"{mean} {range}";
    }

    /// <summary>
    /// Formats the mean, and the interval in brackets, empty if there is none. A narrow interval gets more decimals.
    /// </summary>
    /// <param name="difference">Whether it is a difference of two values: with its sign, that of shares in percentage points.</param>
    public (string Mean, string Range) Parts(Estimate estimate, bool difference = false)
    {
        var (mean, low, high) = Texts(estimate, difference);
        return ($"{((difference || IsChange) && estimate.Mean > 0 ? "+" : "")}{mean}", estimate.HasInterval ? $"[{low}, {high}]" : "");
    }

    /// <summary>Formats the mean and the bounds with as many decimals as the width of the interval needs.</summary>
    /// <param name="difference">Whether it is a difference: the bounds of one of shares are without their unit.</param>
    internal (string Mean, string Low, string High) Texts(Estimate estimate, bool difference = false)
    {
        var half = (estimate.High - estimate.Low) / 2 * (Percent ? 100 : 1);
        var decimals = Decimals;
        while (half > RoundingNoise && decimals < Math.Min(Decimals + 2, Finest) && half < Math.Pow(10, -decimals))
            decimals++;
        var (unit, ofBound) = (difference, Percent) switch
        {
            (true, _) => (Points, ""),
            (false, true) => ("%", "%"),
            _ => ("", ""),
        };
        return (Show(estimate.Mean, decimals, unit), Show(estimate.Low, decimals, ofBound), Show(estimate.High, decimals, ofBound));
    }

    private string Points => Percent ? " pp" : "";

    private int Finest => Percent ? MostPercentDecimals : MostDecimals;

    private string Show(double value, int decimals, string unit)
    {
        if (double.IsNaN(value))
            return "-";
        var scaled = Percent ? value * 100 : value;
        if (Math.Abs(scaled) < RoundingNoise)
            scaled = 0; // a difference of equal means may differ from 0 by rounding
        while (scaled != 0 && decimals < Finest && Math.Round(scaled, decimals) == 0)
            decimals++;
        var rounded = Math.Round(scaled, decimals) + 0.0; // no minus before 0
        return $"{rounded.ToString($"N{decimals}", CultureInfo.InvariantCulture)}{unit}";
    }

    private static ImmutableArray<Measure> InOrder() =>
        [
            BareDrift,
            AgentDrift,
            HeldOut,
            HeldOutRise,
            Keyed,
            KlToBirth,
            TailCrossEntropy,
            TailRise,
            HeadCrossEntropy,
            HeadRise,
            TopTen,
            Gini,
            SelfCrossEntropy,
            Plausibility,
            Forgetting,
            CharterAxis,
            MeanError,
            Diversity,
            Recognition,
            SaidOwn,
            Preference,
            Likelier,
            PromptToLine,
            LineToLine,
            Stability,
            Acceptance,
            Novelty,
            Coherence,
            Distinct2,
            SelfReference,
            SelfReferencePool,
            SelfReferenceGain,
            SelfReferenceVariance,
            SelfReferenceGap,
            PreferenceDistance,
            Alignment,
            Quality,
            Repeats,
            Correctness,
            CorrectMet,
            CorrectNew,
            Perplexity,
            CurrentPerplexity,
            AnswersOnAxis,
            Empty,
            Repeated,
            Recited,
            Length,
            Examples,
            Passes,
            TokensTrained,
        ];
}
