using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>A name that is bound to one row while a record is expanded.</summary>
/// <param name="Name">The name in slots.</param>
/// <param name="Owner">The name whose row holds the table, or null for a table of the file.</param>
/// <param name="Table">The table's name.</param>
/// <param name="Except">A name that was bound before, whose row must not be chosen again, or null.</param>
/// <param name="At">Its place.</param>
internal sealed record Binding(string Name, string? Owner, string Table, string? Except, RecordField At)
{
    /// <summary>Reads <c>name: table</c>, <c>name: other.table</c>, each with or without <c>except name</c>.</summary>
    public static ImmutableArray<Binding> ParseAll(RecordField? field) =>
        field is null ? [] : [.. field.Members().Select(m => Parse(m.Name, m.Value))];

    private static Binding Parse(string name, RecordField field) =>
        field.Text().Split(' ') switch
        {
            [var source] => From(name, source, null, field),
            [var source, "except", var other] => From(name, source, other, field),
            _ => throw field.Fail("'table', 'name.table' or 'table except name' was expected"),
        };

    private static Binding From(string name, string source, string? except, RecordField field) =>
        source.Split('.') switch
        {
            [var table] => new Binding(name, null, table, except, field),
            [var owner, var table] => new Binding(name, owner, table, except, field),
            _ => throw field.Fail($"'{source}' is not a table; 'table' or 'name.table' was expected"),
        };
}
