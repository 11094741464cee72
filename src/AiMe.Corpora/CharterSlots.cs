using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace AiMe.Corpora;

/// <summary>The parts of a charter that a grammar may use: name, trade, traits, values, goals, voice, self-model and drives.</summary>
/// <remarks>The charter's other keys belong to its own reader and are ignored here.</remarks>
public sealed class CharterSlots
{
    /// <summary>The key of a row or record that is only for charters with some part.</summary>
    internal const string Condition = "for";

    /// <summary>What a charter without a trade says that it is.</summary>
    public const string NoTrade = "small mind";

    private readonly ImmutableArray<string> traits;
    private readonly ImmutableArray<string> values;
    private readonly bool hasTrade;
    private readonly bool hasVoice;

    private CharterSlots(RecordField root)
    {
        Stem = root.Need("stem").Text().Trim();
        SelfModel = root.Maybe("self-model")?.Text().Trim() ?? "";
        (traits, values) = (Words(root.Need("traits")), Words(root.Need("values")));
        hasTrade = root.Maybe("trade") is not null;
        hasVoice = root.Maybe("voice") is not null;
        Row = RowOf(root, SelfModel);
    }

    /// <summary>The text before every record in character.</summary>
    public string Stem { get; }

    /// <summary>The initial self-model of an instance; empty for none.</summary>
    public string SelfModel { get; }

    /// <summary>The row that is bound to the name <c>charter</c> in every record.</summary>
    internal TableRow Row { get; }

    /// <summary>Reads the parts of a charter that a grammar needs.</summary>
    /// <exception cref="GrammarException">A key is missing or has another type.</exception>
    public static CharterSlots Load(string file) => Parse(file, System.IO.File.ReadAllText(file));

    /// <inheritdoc cref="Load"/>
    public static CharterSlots Parse(string file, string yaml) => new(RecordField.Root(file, yaml));

    /// <summary>Whether a row or record is for this charter: it has no <c>for</c>, or the charter has what it names.</summary>
    /// <exception cref="GrammarException">Its <c>for</c> has another form.</exception>
    internal bool Fits(RecordField item) =>
        item.Maybe(Condition) is not { } condition
        || condition.Text().Split(' ', 2) switch
        {
            ["trade"] => hasTrade,
            ["voice"] => hasVoice,
            ["no", "trade"] => !hasTrade,
            ["trait", var word] => traits.Contains(word, StringComparer.OrdinalIgnoreCase),
            ["value", var word] => values.Contains(word, StringComparer.OrdinalIgnoreCase),
            _ => throw condition.Fail("'trade', 'no trade', 'voice', 'trait WORD' or 'value WORD' was expected"),
        };

    private static TableRow RowOf(RecordField root, string selfModel)
    {
        Dictionary<string, Alternatives> texts = new() { ["name"] = Alternatives.Parse(root.Need("name")) };
        Dictionary<string, Table> tables = [];
        foreach ((string one, string many) in new[] { ("trait", "traits"), ("value", "values"), ("goal", "goals") })
        {
            texts.Add(one, Alternatives.Parse(root.Need(many)));
            tables.Add(many, new Table($"charter.{many}", texts[one].Rows));
        }

        string trade = root.Maybe("trade")?.Text().Trim() ?? NoTrade;
        texts.Add("trade", Made(root, "trade", trade));
        texts.Add("a-trade", Made(root, "trade", Nouns.WithArticle(trade)));
        texts.Add("trait-list", Made(root, "traits", Nouns.Listed(Words(root.Need("traits")))));
        texts.Add("value-list", Made(root, "values", Nouns.Listed(Words(root.Need("values")))));
        texts.Add("voice", Made(root, "voice", [.. Words(root.Maybe("voice")).Select(v => v.TrimEnd('.'))]));
        texts.Add("self-model", Made(root, "self-model", selfModel));
        tables.Add("drives", Table.Parse("charter.drives", root.Need("drives")));
        return new TableRow(1, [.. texts.Keys, .. tables.Keys], texts, tables, root);
    }

    private static ImmutableArray<string> Words(RecordField? list) =>
        list is null ? []
        : list.IsList ? [.. list.Items().Select(i => i.Text().Trim())]
        : [list.Text().Trim()];

    private static Alternatives Made(RecordField root, string key, params ImmutableArray<string> texts) =>
        new([.. (texts.IsEmpty ? [""] : texts).Select(t => (Template.Parse(new RecordField(root.File, key, new YamlScalarNode(t))), 1))]);
}
