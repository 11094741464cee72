using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>
/// Rows that share their keys. A name that is bound to a row lets question and answer refer to the same thing.
/// </summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Rows">At least one, in the order of the file.</param>
internal sealed record Table(string Name, ImmutableArray<TableRow> Rows)
{
    /// <summary>Reads a list of rows, requires the keys of the first row, and leaves out rows that are for other charters.</summary>
    /// <param name="charter">Decides the rows' <c>for</c>; null for the charter's own tables, which have none.</param>
    public static Table Parse(string name, RecordField field, CharterSlots? charter = null)
    {
        ImmutableArray<TableRow> rows = [.. field.Items().Select(item => TableRow.Parse(name, item, charter))];
        if (rows.IsEmpty)
            throw field.Fail("the table is empty; at least one row was expected");
        foreach (TableRow row in rows)
            Same(rows[0], row);
        ImmutableArray<TableRow> own = charter is null ? rows : [.. rows.Where(r => charter.Fits(r.At))];
        return own.IsEmpty
            ? throw field.Fail("no row is for this charter; at least one row without 'for' was expected")
            : new Table(name, own);
    }

    private static void Same(TableRow first, TableRow row)
    {
        foreach (string key in first.Keys)
            if (!row.Keys.Contains(key))
                throw row.At.Fail($"the row lacks '{key}', which the first row has");
        foreach (string key in row.Keys)
            if (!first.Keys.Contains(key))
                throw row.At.Fail($"the row has '{key}', which the first row lacks{Nearest.Hint(key, first.Keys)}");
        foreach ((string key, Table table) in first.Tables)
            Same(
                table.Rows[0],
                row.Tables.TryGetValue(key, out Table? other)
                    ? other.Rows[0]
                    : throw row.At.Fail($"'{key}' must be a list of rows, as in the first row")
            );
    }
}

/// <summary>A row: texts and nested tables by name.</summary>
/// <param name="Weight">At least 1.</param>
/// <param name="Keys">All names, in the order of the file.</param>
/// <param name="Texts">The attributes that slots read.</param>
/// <param name="Tables">The tables that bindings read.</param>
/// <param name="At">Its place.</param>
internal sealed record TableRow(
    int Weight,
    ImmutableArray<string> Keys,
    IReadOnlyDictionary<string, Alternatives> Texts,
    IReadOnlyDictionary<string, Table> Tables,
    RecordField At
)
{
    private static readonly IReadOnlyDictionary<string, Table> NoTables = new Dictionary<string, Table>();

    /// <summary>
    /// The choices of a binding to that name: the rows of a table, or the texts of an attribute; null if there is
    /// neither.
    /// </summary>
    public ImmutableArray<TableRow>? Choices(string name) =>
        Tables.TryGetValue(name, out Table? table) ? table.Rows
        : Texts.TryGetValue(name, out Alternatives? texts) ? texts.Rows
        : null;

    /// <summary>A row with one text under the name <c>text</c>.</summary>
    public static TableRow OfText(Template text, int weight) =>
        new(weight, ["text"], new Dictionary<string, Alternatives> { ["text"] = new([(text, 1)]) }, NoTables, text.At);

    public static TableRow Parse(string table, RecordField field, CharterSlots? charter)
    {
        Dictionary<string, Alternatives> texts = [];
        Dictionary<string, Table> tables = [];
        ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>();
        foreach ((string key, RecordField value) in field.Members())
        {
            if (key == "weight" || key == CharterSlots.Condition && charter is not null)
                continue;
            keys.Add(key);
            if (value.IsList && value.Items() is [var first, ..] && first.IsMap && !Alternatives.IsWeighted(first))
                tables.Add(key, Table.Parse($"{table}.{key}", value, charter));
            else
                texts.Add(key, Alternatives.Parse(value));
        }

        return new TableRow(field.Maybe("weight")?.Weight() ?? 1, keys.ToImmutable(), texts, tables, field);
    }
}
