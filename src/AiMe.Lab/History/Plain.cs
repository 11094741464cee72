using System.Globalization;

namespace AiMe.Lab.History;

/// <summary>Numbers, spans and times as terminal and pages show them.</summary>
public static class Plain
{
    /// <summary>A whole number with thousands separated.</summary>
    public static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with its noun.</summary>
    public static string Count(long n, string noun) => $"{Count(n)} {noun}{(n == 1 ? "" : "s")}";

    /// <summary>A number with its noun, whose plural is irregular.</summary>
    public static string Count(long n, string one, string many) => $"{Count(n)} {(n == 1 ? one : many)}";

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) =>
        double.IsNaN(share) ? "" : (100 * share).ToString(share is < 0.1 and > 0 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A rounded time span: <c>40 s</c>, <c>12 min</c>, <c>3 h 20 min</c>, <c>2 d 4 h</c>.</summary>
    public static string Span(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: < 90 } => FormattableString.Invariant($"{Math.Max(0, Math.Round(span.TotalSeconds)):0} s"),
            { TotalMinutes: < 90 } => FormattableString.Invariant($"{span.TotalMinutes:0} min"),
            { TotalHours: < 36 } => FormattableString.Invariant($"{Math.Floor(span.TotalHours):0} h {span.Minutes} min"),
            _ => FormattableString.Invariant($"{Math.Floor(span.TotalDays):0} d {span.Hours} h"),
        };

    /// <summary>How long ago something was; another machine's clock may be ahead of this one's.</summary>
    public static string Ago(TimeSpan span) => span < TimeSpan.Zero ? $"{Span(-span)} in the future" : $"{Span(span)} ago";

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
