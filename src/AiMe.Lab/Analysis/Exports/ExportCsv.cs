using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>
/// Experiences as RFC 4180: UTF-8, commas, CR LF line ends, quotes around fields with a comma, a quote or a line end. No text
/// is a formula to a spreadsheet: see <see cref="CsvCell"/>.
/// </summary>
public static class ExportCsv
{
    private static readonly ImmutableArray<(string Name, Func<LivedExperience, string> Cell)> Columns =
    [
        ("run", l => CsvCell.Text(l.Run)),
        ("instance", l => CsvCell.Text(l.Instance)),
        ("variant", l => CsvCell.Text(l.Variant)),
        ("replicate", l => Number(l.Replicate)),
        ("id", l => CsvCell.Text(l.Experience.Id.Value)),
        ("cycle", l => Number(l.Experience.Cycle)),
        ("round", l => Number(l.Experience.Round)),
        ("timestamp", l => CsvCell.Text(l.Experience.Timestamp.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))),
        ("topic", l => CsvCell.Text(l.Experience.Topic)),
        ("internal", l => CsvCell.Text(l.Experience.Internal ? "true" : "false")),
        ("verdict", l => CsvCell.Text(l.Experience.Verdict.ToString().ToLowerInvariant())),
        ("reasons", l => CsvCell.Text(string.Join("; ", l.Experience.Reasons))),
        ("input", l => CsvCell.Text(l.Experience.Input)),
        ("output", l => CsvCell.Text(l.Experience.Output)),
        ("reflection", l => CsvCell.Text(l.Experience.Reflection)),
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
        ("recalled", l => CsvCell.Text(string.Join(' ', l.Experience.Recalled))),
        ("model", l => CsvCell.Text(l.Experience.Model.Value)),
        ("kind", l => CsvCell.Text(l.Kind.ToString().ToLowerInvariant())),
        ("parent", l => CsvCell.Text(l.Parent ?? "")),
        ("generation", l => Number(l.Generation)),
        ("charter", l => CsvCell.Text(l.Charter)),
    ];

    /// <summary>The header line.</summary>
    public static byte[] Header { get; } = Line(Columns.Select(c => c.Name));

    /// <summary>The line of an experience. An undefined score is an empty field.</summary>
    public static byte[] Line(LivedExperience exported) => Line(Columns.Select(c => c.Cell(exported)));

    private static byte[] Line(IEnumerable<string> fields) => Encoding.UTF8.GetBytes($"{string.Join(',', fields)}\r\n");

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
