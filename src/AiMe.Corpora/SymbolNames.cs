using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>Finds the bound names that a text can read, through symbols and through the texts of rows.</summary>
internal sealed class SymbolNames(Grammar grammar, IEnumerable<Binding> bindings)
{
    private readonly Dictionary<string, ImmutableArray<TableRow>> _rows = Rows(grammar, bindings);
    private readonly Dictionary<(string, string), Alternatives> _any = [];

    /// <summary>All names but the charter's, which has a single row.</summary>
    public ImmutableArray<string> Of(IEnumerable<Template> templates)
    {
        HashSet<string> seen = [];
        HashSet<string> names = [];
        foreach (var template in templates)
            Walk(template, names, seen);
        names.Remove("charter");
        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// <summary>The texts that an attribute of a name can have, for any of its rows.</summary>
    public Alternatives AnyOf(string name, string attribute) =>
        _any.TryGetValue((name, attribute), out var known)
            ? known
            : _any[(name, attribute)] = new([.. _rows[name].SelectMany(row => row.Texts[attribute].Items)]);

    private void Walk(Template template, HashSet<string> names, HashSet<string> seen)
    {
        foreach (var part in template.Parts)
        {
            if (part is TemplatePart.Symbol symbol && seen.Add(symbol.Name))
                All(grammar.Symbols[symbol.Name].Texts);
            if (part is not TemplatePart.Slot slot || !seen.Add($"{slot.Name}.{slot.Attribute}"))
                continue;
            names.Add(slot.Name);
            foreach (var row in _rows[slot.Name])
                All(row.Texts[slot.Attribute]);
        }

        void All(Alternatives texts)
        {
            foreach (var (inner, _) in texts.Items)
                Walk(inner, names, seen);
        }
    }

    private static Dictionary<string, ImmutableArray<TableRow>> Rows(Grammar grammar, IEnumerable<Binding> bindings)
    {
        Dictionary<string, ImmutableArray<TableRow>> rows = new() { ["charter"] = [grammar.Charter.Row] };
        foreach (var b in bindings)
            rows[b.Name] = b.Owner is null ? grammar.Tables[b.Table].Rows : [.. rows[b.Owner].SelectMany(r => r.Choices(b.Table)!.Value)];
        return rows;
    }
}
