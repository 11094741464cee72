using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>A parsed and checked grammar. The head of <c>config/corpora/aime.yaml</c> describes the format.</summary>
/// <remarks>
/// The result never depends on the order of a dictionary: dictionaries are only looked up, and choices follow the order
/// of the file.
/// </remarks>
public sealed class Grammar
{
    private Grammar(
        CharterSlots charter,
        Dictionary<string, Table> tables,
        Dictionary<string, (Alternatives, RecordField)> symbols,
        ImmutableArray<RecordTemplate> records
    )
    {
        Charter = charter;
        Tables = tables;
        Symbols = symbols;
        Records = records;
    }

    /// <summary>The source of the slots of <c>charter</c>.</summary>
    public CharterSlots Charter { get; }

    internal IReadOnlyDictionary<string, Table> Tables { get; }

    internal IReadOnlyDictionary<string, (Alternatives Texts, RecordField At)> Symbols { get; }

    internal ImmutableArray<RecordTemplate> Records { get; }

    /// <summary>Reads a grammar with the files that it includes, whose names are relative to it.</summary>
    /// <exception cref="GrammarException">The first error, with its file and line.</exception>
    public static Grammar Load(string file, CharterSlots charter) => Parse(file, System.IO.File.ReadAllText(file), charter);

    /// <inheritdoc cref="Load"/>
    public static Grammar Parse(string file, string yaml, CharterSlots charter)
    {
        ImmutableArray<RecordField> files = WithIncluded(RecordField.Root(file, yaml));
        Dictionary<string, Table> tables = [];
        Dictionary<string, (Alternatives, RecordField)> symbols = [];
        foreach ((string name, RecordField value) in files.SelectMany(f => f.Maybe("tables")?.Members() ?? []))
            if (!tables.TryAdd(name, Table.Parse(name, value, charter)))
                throw value.Fail("the table is defined twice");
        foreach ((string name, RecordField value) in files.SelectMany(f => f.Maybe("symbols")?.Members() ?? []))
            if (!symbols.TryAdd(name, (Alternatives.Parse(value), value)))
                throw value.Fail("the symbol is defined twice");
        ImmutableArray<RecordTemplate> records = [.. files.SelectMany(f => f.Maybe("records")?.Items() ?? []).Select(RecordTemplate.Parse)];
        if (records.IsEmpty)
            throw files[0].Fail("the grammar has no 'records'");
        Grammar grammar = new(charter, tables, symbols, [.. records.Where(r => charter.Fits(r.At))]);
        if (grammar.Records.IsEmpty)
            throw files[0].Fail("no record is for this charter; at least one record without 'for' was expected");
        GrammarCheck.Run(grammar, records, [.. files.SelectMany(f => f.Maybe("tables")?.Members() ?? [])]);
        return grammar;
    }

    private static ImmutableArray<RecordField> WithIncluded(RecordField root)
    {
        root.Knows("include", "tables", "symbols", "records");
        string folder = Path.GetDirectoryName(root.File) ?? "";
        return [root, .. (root.Maybe("include")?.Items() ?? []).Select(item => Included(item, Path.Combine(folder, item.Text())))];
    }

    private static RecordField Included(RecordField item, string file) =>
        System.IO.File.Exists(file)
            ? RecordField.Root(file, System.IO.File.ReadAllText(file)).Knows("tables", "symbols", "records")
            : throw item.Fail($"the file '{file}' does not exist");
}
