using System.Globalization;
using System.Text.RegularExpressions;
using AiMe.Corpora;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What a variant must be to be shown: a name (<c>variant=alig*</c>) or a mean (<c>bareDrift&lt;0.02</c>).</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Name">The pattern of a name, or null where a mean is asked for.</param>
public sealed partial record RunFilter(string Text, string? Name, Func<VariantSummary, bool> Admits)
{
    private const string Form = "variant=<name>, variant!=<name>, or <measure> and one of < <= > >= and a number";

    /// <summary>Reads a filter.</summary>
    /// <returns>The filter, or what is wrong with the text.</returns>
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

    // An undefined mean is neither above nor below anything.
    private static (RunFilter? Filter, string? Problem) Of(string text, Measure measure, string sign, double bound) =>
        sign switch
        {
            "<" => (new RunFilter(text, null, v => v.Last(measure).Mean < bound), null),
            "<=" => (new RunFilter(text, null, v => v.Last(measure).Mean <= bound), null),
            ">" => (new RunFilter(text, null, v => v.Last(measure).Mean > bound), null),
            ">=" => (new RunFilter(text, null, v => v.Last(measure).Mean >= bound), null),
            _ => (null, $"found '{text}': a mean is never exactly a number; expected one of < <= > >="),
        };

    [GeneratedRegex(@"^\s*(?<subject>[\w -]*\w)\s*(?<sign><=|>=|!=|<|>|=)\s*(?<value>\S.*?)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
