using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>
/// Experiences as RFC 4180: UTF-8, commas, CR LF line ends, quotes around fields with a comma, a quote or a line end.
/// </summary>
public static class ExportCsv
{
    private static readonly ImmutableArray<(string Name, Func<LivedExperience, string> Cell)> Columns =
    [
        ("run", l => l.Run),
        ("instance", l => l.Instance),
        ("variant", l => l.Variant),
        ("replicate", l => Number(l.Replicate)),
        ("id", l => l.Experience.Id.Value),
        ("cycle", l => Number(l.Experience.Cycle)),
        ("round", l => Number(l.Experience.Round)),
        ("timestamp", l => l.Experience.Timestamp.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        ("topic", l => l.Experience.Topic),
        ("internal", l => l.Experience.Internal ? "true" : "false"),
        ("verdict", l => l.Experience.Verdict.ToString().ToLowerInvariant()),
        ("reasons", l => string.Join("; ", l.Experience.Reasons)),
        ("input", l => l.Experience.Input),
        ("output", l => l.Experience.Output),
        ("reflection", l => l.Experience.Reflection),
        .. Enum.GetValues<ScoreName>()
            .Select(score =>
                (
                    score.Text(),
                    (Func<LivedExperience, string>)(
                        l => Number(score == ScoreName.Novelty ? l.Experience.Novelty : score.Of(l.Experience.Scores))
                    )
                )
            ),
        ("importance", l => Number(l.Experience.Importance)),
        ("recalled", l => string.Join(' ', l.Experience.Recalled)),
        ("model", l => l.Experience.Model.Value),
        ("kind", l => l.Kind.ToString().ToLowerInvariant()),
        ("parent", l => l.Parent ?? ""),
        ("generation", l => Number(l.Generation)),
    ];

    /// <summary>The header line.</summary>
    public static byte[] Header { get; } = Line(Columns.Select(c => c.Name));

    /// <summary>The line of an experience. An undefined score is an empty field.</summary>
    public static byte[] Line(LivedExperience exported) => Line(Columns.Select(c => c.Cell(exported)));

    private static byte[] Line(IEnumerable<string> fields) => Encoding.UTF8.GetBytes($"{string.Join(',', fields.Select(Field))}\r\n");

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
