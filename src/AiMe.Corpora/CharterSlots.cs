using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>The parts of a charter that a grammar may use: name, traits, values, goals and drives.</summary>
/// <remarks>The charter's other keys belong to its own reader and are ignored here.</remarks>
public sealed class CharterSlots
{
    private CharterSlots(string stem, string selfModel, TableRow row)
    {
        Stem = stem;
        SelfModel = selfModel;
        Row = row;
    }

    /// <summary>The text before every record in character.</summary>
    public string Stem { get; }

    /// <summary>The initial self-model of an instance.</summary>
    public string SelfModel { get; }

    /// <summary>The row that is bound to the name <c>charter</c> in every record.</summary>
    internal TableRow Row { get; }

    /// <summary>Reads the parts of a charter that a grammar needs.</summary>
    /// <exception cref="GrammarException">A key is missing or has another type.</exception>
    public static CharterSlots Load(string file) => Parse(file, System.IO.File.ReadAllText(file));

    /// <inheritdoc cref="Load"/>
    public static CharterSlots Parse(string file, string yaml)
    {
        RecordField root = RecordField.Root(file, yaml);
        Dictionary<string, Alternatives> texts = new() { ["name"] = Alternatives.Parse(root.Need("name")) };
        Dictionary<string, Table> tables = [];
        foreach ((string one, string many) in new[] { ("trait", "traits"), ("value", "values"), ("goal", "goals") })
        {
            texts.Add(one, Alternatives.Parse(root.Need(many)));
            tables.Add(many, new Table($"charter.{many}", texts[one].Rows));
        }

        tables.Add("drives", Table.Parse("charter.drives", root.Need("drives")));
        return new CharterSlots(
            root.Need("stem").Text().Trim(),
            root.Need("self-model").Text().Trim(),
            new TableRow(1, [.. texts.Keys, .. tables.Keys], texts, tables, root)
        );
    }
}
