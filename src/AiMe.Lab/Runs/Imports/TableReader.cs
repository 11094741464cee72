using System.Collections.Immutable;
using AiMe.Lab.Analysis;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Reads tables whose columns are the members of a known form, such as <c>aime export --as csv</c>.</summary>
internal static class TableReader
{
    private const int RowsLookedAt = 5;

    /// <summary>Reads a table, or refuses it if its columns are unknown; false if the text is no table.</summary>
    public static bool Read(ImportReading reading, string path, string text)
    {
        if (CsvText.Separator(text) is not { } separator)
            return false;
        var rows = CsvText.Rows(text, separator);
        ImmutableArray<string> columns = [.. rows[0].Fields.Select(c => c.Trim())];
        var isNamed = Path.GetExtension(path) is ".csv" or ".tsv";
        var known = ImportReading.Knows(Node(path, columns, rows[0])) && columns.Distinct(StringComparer.Ordinal).Count() == columns.Length;
        if (!known && !isNamed && (rows.Count < 2 || rows.Skip(1).Take(RowsLookedAt).Any(r => r.Fields.Length != columns.Length)))
            return false;
        if (!known)
            reading.RefuseAll($"this looks like a table with the columns {ForeignFile.Names(columns)}");
        else if (rows.Count == 1)
            reading.RefuseAll("the table has a header and no rows");
        else
            rows.Skip(1).ToList().ForEach(row => Add(reading, path, columns, row));
        return true;
    }

    private static void Add(ImportReading reading, string path, ImmutableArray<string> columns, CsvText.CsvRow row)
    {
        if (!row.Whole)
            reading.Refuse(new Place(path, row.Line, 1), "found a quote that is not closed, expected pairs of quotes");
        else if (row.Fields.Length != columns.Length)
            reading.Refuse(
                new Place(path, row.Line, 1),
                $"found {row.Fields.Length} of {columns.Length} fields of the header, expected all and no more"
            );
        else
            reading.Add(Node(path, columns, row));
    }

    private static MappingNode Node(string path, ImmutableArray<string> columns, CsvText.CsvRow row)
    {
        Place at = new(path, row.Line, 1);
        return new MappingNode(
            at,
            [.. columns.Zip(row.Fields, (c, f) => new MappingEntry(at, c, new ScalarNode(at, CsvCell.Read(f), Plain: false)))]
        );
    }
}
