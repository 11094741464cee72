using System.Collections.Immutable;
using System.Diagnostics;

namespace AiMe.Corpora;

/// <summary>
/// Proves that every expansion ends and fills every slot: it visits all texts that each record can reach, with the rows
/// that the record binds.
/// </summary>
/// <remarks>A symbol or table that no record reaches is an error too, because it is usually a mistake.</remarks>
internal sealed class GrammarCheck
{
    private readonly Grammar grammar;
    private readonly HashSet<string> reachedSymbols = [];
    private readonly HashSet<string> reachedTables = [];

    private GrammarCheck(Grammar grammar) => this.grammar = grammar;

    /// <summary>Checks a whole grammar.</summary>
    /// <param name="records">All records, also those for other charters: what only they lead to is reachable.</param>
    /// <exception cref="GrammarException">
    /// An undefined, unreachable or recursive symbol, or a slot without a value.
    /// </exception>
    public static void Run(Grammar grammar, ImmutableArray<RecordTemplate> records, ImmutableArray<(string Name, RecordField At)> tables)
    {
        GrammarCheck check = new(grammar);
        foreach (RecordTemplate record in records)
            check.Record(record);
        foreach ((string name, (_, RecordField at)) in grammar.Symbols.OrderBy(s => s.Value.At.Node.Start.Line))
            if (!check.reachedSymbols.Contains(name))
                throw at.Fail($"the symbol '{name}' is unreachable: no record leads to it");
        foreach ((string name, RecordField at) in tables)
            if (!check.reachedTables.Contains(name))
                throw at.Fail($"the table '{name}' is unreachable: no record binds a row of it");
    }

    private void Record(RecordTemplate record)
    {
        Dictionary<string, ImmutableArray<TableRow>> scope = new() { ["charter"] = [grammar.Charter.Row] };
        Bind(record.With, scope);
        HashSet<string> done = [];
        foreach (
            Template text in new[] { record.Topic, record.SelfModel }
                .OfType<Template>()
                .Concat(record.Recalled)
                .Concat(record.Stimulus.Items.Select(i => i.Text))
        )
            Walk(text, scope, [], done);
        foreach (Outcome outcome in record.Outcomes)
        {
            Dictionary<string, ImmutableArray<TableRow>> inner = new(scope);
            Bind(outcome.With, inner);
            HashSet<string> seen = [];
            foreach (Template text in outcome.Templates())
                Walk(text, inner, [], seen);
        }
    }

    private void Bind(ImmutableArray<Binding> bindings, Dictionary<string, ImmutableArray<TableRow>> scope)
    {
        foreach (Binding b in bindings)
        {
            ImmutableArray<TableRow> rows = Rows(b, scope);
            if (b.Except is { } other && !scope.ContainsKey(other))
                throw b.At.Fail($"'{other}' is not bound before{Nearest.Hint(other, scope.Keys)}");
            if (b.Except is not null && rows.Length < 2)
                throw b.At.Fail($"'{b.Table}' has a single row, so none is left");
            if (!scope.TryAdd(b.Name, rows))
                throw b.At.Fail($"'{b.Name}' is bound twice");
        }
    }

    private ImmutableArray<TableRow> Rows(Binding b, Dictionary<string, ImmutableArray<TableRow>> scope)
    {
        if (b.Owner is null)
        {
            reachedTables.Add(b.Table);
            return grammar.Tables.TryGetValue(b.Table, out Table? table)
                ? table.Rows
                : throw b.At.Fail($"'{b.Table}' is not a table{Nearest.Hint(b.Table, grammar.Tables.Keys)}");
        }

        if (!scope.TryGetValue(b.Owner, out ImmutableArray<TableRow> owners))
            throw b.At.Fail($"'{b.Owner}' is not bound before{Nearest.Hint(b.Owner, scope.Keys)}");
        return owners[0].Choices(b.Table) is null
            ? throw b.At.Fail($"'{b.Owner}' has nothing called '{b.Table}'{Nearest.Hint(b.Table, owners[0].Keys)}")
            : [.. owners.SelectMany(o => o.Choices(b.Table)!.Value)];
    }

    private void Walk(Template text, Dictionary<string, ImmutableArray<TableRow>> scope, ImmutableStack<string> path, HashSet<string> done)
    {
        foreach (TemplatePart part in text.Parts)
        {
            (string node, IEnumerable<Template> next) = part switch
            {
                TemplatePart.Literal => ("", []),
                TemplatePart.Symbol s => (s.Name, Of(s, text)),
                TemplatePart.Slot s => ($"{s.Name}.{s.Attribute}", Of(s, text, scope)),
                _ => throw new UnreachableException(),
            };
            if (path.Contains(node))
                throw text.At.Fail($"infinite recursion: {string.Join(" -> ", path.Reverse().SkipWhile(p => p != node))} -> {node}");
            if (node.Length > 0 && done.Contains(node))
                continue;
            foreach (Template inner in next)
                Walk(inner, scope, path.Push(node), done);
            done.Add(node);
        }
    }

    private IEnumerable<Template> Of(TemplatePart.Symbol s, Template text)
    {
        reachedSymbols.Add(s.Name);
        return grammar.Symbols.TryGetValue(s.Name, out (Alternatives Texts, RecordField At) symbol)
            ? symbol.Texts.Items.Select(i => i.Text)
            : throw text.At.Fail($"the symbol '{s.Name}' is undefined{Nearest.Hint(s.Name, grammar.Symbols.Keys)}");
    }

    private static IEnumerable<Template> Of(TemplatePart.Slot s, Template text, Dictionary<string, ImmutableArray<TableRow>> scope)
    {
        if (!scope.TryGetValue(s.Name, out ImmutableArray<TableRow> rows))
            throw text.At.Fail($"'{s.Name}' is bound to nothing here{Nearest.Hint(s.Name, scope.Keys)}");
        return rows[0].Texts.ContainsKey(s.Attribute)
            ? rows.SelectMany(r => r.Texts[s.Attribute].Items.Select(i => i.Text))
            : throw text.At.Fail($"'{s.Name}' has no text '{s.Attribute}'{Nearest.Hint(s.Attribute, rows[0].Texts.Keys)}");
    }
}
