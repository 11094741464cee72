using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiMe.Corpora;

/// <summary>The current rows of names, and the probability that a template produces a text.</summary>
/// <remarks>
/// While a name is unbound, all rows that it can have count: a match of 0 then means that none of them fits.
/// </remarks>
internal sealed class Scope(Grammar grammar, SymbolNames names)
{
    private readonly Dictionary<string, TableRow> _rows = new(StringComparer.Ordinal);

    public TableRow this[string name] => name == "charter" ? grammar.Charter.Row : _rows[name];

    public void Bind(string name, TableRow row) => _rows[name] = row;

    public void Unbind(string name) => _rows.Remove(name);

    /// <summary>The probability that a template produces this text after tidying; empty for none.</summary>
    public double Match(Template template, string text)
    {
        var target = new SlotTarget(text);
        return Run(template, target, new() { [0] = 1 }).Where(end => target.IsEnd(end.Key)).Sum(end => end.Value);
    }

    // Maps each reached place, with its probability, to the places after the template.
    private Dictionary<int, double> Run(Template template, SlotTarget target, Dictionary<int, double> places)
    {
        foreach (var part in template.Parts)
        {
            places = part switch
            {
                TemplatePart.Literal l => Literal(l.Text, target, places),
                TemplatePart.Symbol s => OneOf(grammar.Symbols[s.Name].Texts, target, places),
                TemplatePart.Slot s when _rows.TryGetValue(s.Name, out var row) => OneOf(row.Texts[s.Attribute], target, places),
                TemplatePart.Slot s => OneOf(names.AnyOf(s.Name, s.Attribute), target, places),
                _ => throw new UnreachableException(),
            };
            if (places.Count == 0)
                break;
        }

        return places;
    }

    private static Dictionary<int, double> Literal(string text, SlotTarget target, Dictionary<int, double> places)
    {
        Dictionary<int, double> reached = [];
        foreach (var (from, p) in places)
        {
            var at = from;
            foreach (var c in text)
            {
                if ((at = target.After(at, c)) < 0)
                    break;
            }

            if (at >= 0)
                CollectionsMarshal.GetValueRefOrAddDefault(reached, at, out _) += p;
        }

        return reached;
    }

    private Dictionary<int, double> OneOf(Alternatives alternatives, SlotTarget target, Dictionary<int, double> places)
    {
        Dictionary<int, double> reached = [];
        double weights = alternatives.Items.Sum(i => i.Weight);
        foreach (var (template, weight) in alternatives.Items)
        {
            foreach (var (at, p) in Run(template, target, places))
                CollectionsMarshal.GetValueRefOrAddDefault(reached, at, out _) += p * (weight / weights);
        }

        return reached;
    }

    /// <summary>
    /// A tidied text that an expansion is compared with character by character, as <see cref="Sentences.Tidy"/> would
    /// write it.
    /// </summary>
    private readonly struct SlotTarget(string text)
    {
        /// <summary>
        /// The place after a further character of the expansion, -1 if it does not fit. A trailing space that tidying
        /// removes is after the text.
        /// </summary>
        public int After(int at, char c)
        {
            if (c == ' ' && (at == 0 || at > text.Length || text[at - 1] == ' '))
                return at;
            if (at >= text.Length)
                return at == text.Length && c == ' ' ? at + 1 : -1;
            return (Begins(at) ? char.ToUpperInvariant(c) : c) == text[at] ? at + 1 : -1;
        }

        public bool IsEnd(int at) => at >= text.Length;

        // A sentence begins at the start, and after a mark that ends one, with spaces between.
        private bool Begins(int at)
        {
            while (at > 0 && text[at - 1] == ' ')
                at--;
            return at == 0 || text[at - 1] is '.' or '?' or '!' or ':';
        }
    }
}
