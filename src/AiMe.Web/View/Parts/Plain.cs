using System.Globalization;

namespace AiMe.Web.View.Parts;

/// <summary>Numbers, spans and times as pages show them.</summary>
internal static class Plain
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

    /// <summary>A span of time in its two greatest units.</summary>
    public static string Span(TimeSpan span) =>
        span.TotalSeconds < 1 ? "less than 1 s"
        : span.TotalMinutes < 1 ? $"{(int)span.TotalSeconds} s"
        : span.TotalHours < 1 ? $"{(int)span.TotalMinutes} min {span.Seconds} s"
        : span.TotalDays < 1 ? $"{(int)span.TotalHours} h {span.Minutes} min"
        : $"{(int)span.TotalDays} d {span.Hours} h";

    /// <summary>How long ago something was; another machine's clock may be ahead of this one's.</summary>
    public static string Ago(TimeSpan span) => span < TimeSpan.Zero ? $"{Span(-span)} in the future" : $"{Span(span)} ago";

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
}
