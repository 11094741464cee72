using System.Globalization;
using System.Text.RegularExpressions;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads logical times and durations.</summary>
internal static partial class TimeReader
{
    private const string TickPattern = "^([0-9]{1,9})([smhd])$";

    private static readonly string[] Forms = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd"];

    private static readonly (char Letter, TimeSpan Length)[] Units =
    [
        ('d', TimeSpan.FromDays(1)),
        ('h', TimeSpan.FromHours(1)),
        ('m', TimeSpan.FromMinutes(1)),
        ('s', TimeSpan.FromSeconds(1)),
    ];

    /// <summary>The text form in a file.</summary>
    public static string Text(DateTime epoch) => epoch.ToString(Forms[0], CultureInfo.InvariantCulture);

    /// <summary>The text form in a file, in the greatest unit that divides the duration.</summary>
    public static string Text(TimeSpan tick) =>
        Units.Where(u => tick.Ticks % u.Length.Ticks == 0).Select(u => $"{tick.Ticks / u.Length.Ticks}{u.Letter}").First();

    /// <summary>A point in logical time, UTC.</summary>
    public static DateTime Epoch(FieldReader? field)
    {
        if (field is null)
            return Defaults.Epoch;
        field.Asked?.Form("^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}|T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$");
        if (
            field.Node is ScalarNode s
            && DateTime.TryParseExact(
                s.Text,
                Forms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
        )
            return at;
        field.Expected("a time in UTC, such as 2026-01-01 00:00:00");
        return Defaults.Epoch;
    }

    /// <summary>A duration from one second to 1000 days.</summary>
    public static TimeSpan Tick(FieldReader? field) =>
        Duration(field, Defaults.Tick, TimeSpan.FromDays(1000), "a duration from 1s to 1000d: a whole number and s, m, h or d, such as 1m");

    /// <summary>A timeout from one second to one hour.</summary>
    public static TimeSpan Wait(FieldReader? field, TimeSpan fallback) =>
        Duration(field, fallback, TimeSpan.FromHours(1), "a duration from 1s to 1h: a whole number and s, m or h, such as 60s");

    private static TimeSpan Duration(FieldReader? field, TimeSpan fallback, TimeSpan most, string expected)
    {
        if (field is null)
            return fallback;
        field.Asked?.Form(TickPattern);
        if (
            field.Node is ScalarNode s
            && Form().Match(s.Text) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        )
        {
            var unit = Units.First(u => u.Letter == match.Groups[2].Value[0]).Length;
            if (n >= 1 && n <= most / unit)
                return n * unit;
        }

        field.Expected(expected);
        return fallback;
    }

    [GeneratedRegex(TickPattern)]
    private static partial Regex Form();
}
