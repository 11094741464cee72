using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>Weighted texts of which one is chosen.</summary>
internal sealed record Alternatives(ImmutableArray<(Template Text, int Weight)> Items)
{
    /// <summary>
    /// The texts as rows with a single attribute <c>text</c>, so that a choice can be bound to a name.
    /// </summary>
    public ImmutableArray<TableRow> Rows => rows.Value;

    private readonly Lazy<ImmutableArray<TableRow>> rows = new(() => [.. Items.Select(i => TableRow.OfText(i.Text, i.Weight))]);

    /// <summary>Reads a single text, or a list whose items are a text or <c>weight: text</c>.</summary>
    public static Alternatives Parse(RecordField field) =>
        field.IsList ? new Alternatives([.. NotEmpty(field).Select(Item)]) : new Alternatives([(Template.Parse(field), 1)]);

    /// <summary>Whether an item has the form <c>weight: text</c> rather than a row of attributes.</summary>
    public static bool IsWeighted(RecordField item) =>
        item.IsMap && item.Members() is [var (name, _)] && name.AsSpan().IndexOfAnyExcept("-0123456789") < 0;

    private static ImmutableArray<RecordField> NotEmpty(RecordField field) =>
        field.Items() is { Length: > 0 } items ? items : throw field.Fail("the list is empty; at least one text was expected");

    private static (Template Text, int Weight) Item(RecordField item)
    {
        if (item.IsText)
            return (Template.Parse(item), 1);
        if (!IsWeighted(item))
            throw item.Fail("a text, or 'weight: text', was expected");
        (string weight, RecordField text) = item.Members()[0];
        return int.TryParse(weight, out int value) && value is >= 1 and <= RecordField.MostWeight
            ? (Template.Parse(text), value)
            : throw item.Fail($"the weight is {weight}; a whole number from 1 to {RecordField.MostWeight} was expected");
    }
}
