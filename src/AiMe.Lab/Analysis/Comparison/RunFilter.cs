using System.Globalization;
using System.Text.RegularExpressions;
using AiMe.Corpora;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A condition on variants: a name (<c>variant=alig*</c>) or a mean (<c>bareDrift&lt;0.02</c>).</summary>
/// <param name="Text">As written by the user.</param>
/// <param name="Name">The pattern of a name, or null for a condition on a mean.</param>
public sealed partial record RunFilter(string Text, string? Name, Func<VariantSummary, bool> Admits)
{
    private const string Form = "variant=<name>, variant!=<name>, or <measure> and one of < <= > >= and a number";

    /// <summary>Parses a filter.</summary>
    /// <returns>The filter, or the problem.</returns>
    public static (RunFilter? Filter, string? Problem) Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match)
            return (null, $"found '{text}', expected {Form}");
        var (subject, sign, value) = (match.Groups["subject"].Value, match.Groups["sign"].Value, match.Groups["value"].Value);
        if (subject == "variant")
        {
            return sign switch
            {
                "=" => (new RunFilter(text, value, v => Glob.Fits(value, v.Name)), null),
                "!=" => (new RunFilter(text, value, v => !Glob.Fits(value, v.Name)), null),
                _ => (null, $"found '{text}', expected variant=<name> or variant!=<name>"),
            };
        }

        if (Measure.Find(subject) is not { } measure)
            return (
                null,
                $"found '{subject}', expected variant or a measure: "
                    + $"{Measure.Names}{Nearest.Hint(subject, ["variant", .. Measure.All.Select(m => m.Key)])}"
            );
        var percent = value.EndsWith('%');
        if (
            !double.TryParse(value.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) || !double.IsFinite(bound)
        )
            return (null, $"found '{value}', expected a number such as 0.02{(measure.Percent ? " or 2%" : "")}");
        return Of(text, measure, sign, percent ? bound / 100 : bound);
    }

    // An undefined mean satisfies no condition.
    private static (RunFilter? Filter, string? Problem) Of(string text, Measure measure, string sign, double bound) =>
        sign switch
        {
            "<" => (new RunFilter(text, null, v => v.Last(measure).Mean < bound), null),
            "<=" => (new RunFilter(text, null, v => v.Last(measure).Mean <= bound), null),
            ">" => (new RunFilter(text, null, v => v.Last(measure).Mean > bound), null),
            ">=" => (new RunFilter(text, null, v => v.Last(measure).Mean >= bound), null),
            _ => (null, $"found '{text}', expected one of < <= > >=: a mean is never exactly a number"),
        };

    [GeneratedRegex(@"^\s*(?<subject>[\w -]*\w)\s*(?<sign><=|>=|!=|<|>|=)\s*(?<value>\S.*?)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
