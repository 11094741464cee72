using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using AiMe.Nano;

namespace AiMe.Corpora;

/// <summary>Expands records of a checked grammar, one after another, from one seeded random stream.</summary>
internal sealed class Expander(Grammar grammar, ulong seed)
{
    private readonly Dictionary<string, TableRow> scope = [];
    private Rng rng = new(seed);

    /// <summary>A whole number in [0, <paramref name="bound"/>) from the same stream.</summary>
    public int Below(int bound) => rng.NextInt(bound);

    public CorpusRecord Next()
    {
        scope.Clear();
        scope.Add("charter", grammar.Charter.Row);
        RecordTemplate record = Pick(grammar.Records, static r => r.Weight);
        Bind(record.With);
        string topic = Plain(record.Topic);
        string? self = record.SelfModel is { } text ? Sentence(text) : null;
        ImmutableArray<string> recalled = [.. record.Recalled.Select(Sentence).OfType<string>()];
        string stimulus = Sentence(record.Stimulus) ?? "";
        Outcome outcome = Pick(record.Outcomes, static o => o.Weight);
        Bind(outcome.With);
        return new CorpusRecord(
            record.Kind,
            topic,
            record.InCharacter,
            self,
            recalled,
            stimulus,
            record.Internal,
            Sentence(outcome.Answer) ?? "",
            Sentence(outcome.Reflection),
            Sentence(outcome.Insight),
            outcome.Check is { } check ? Plain(check) : null
        );
    }

    private void Bind(ImmutableArray<Binding> bindings)
    {
        foreach (Binding b in bindings)
        {
            ImmutableArray<TableRow> rows = b.Owner is null ? grammar.Tables[b.Table].Rows : scope[b.Owner].Choices(b.Table)!.Value;
            scope.Add(
                b.Name,
                Pick(b.Except is null ? rows : rows.Remove(scope[b.Except], ReferenceEqualityComparer.Instance), static r => r.Weight)
            );
        }
    }

    private string? Sentence(Alternatives? choice) => choice is null ? null : Sentence(Pick(choice.Items, static i => i.Weight).Text);

    /// <summary>The expansion with capitalised sentences, or null if it is empty.</summary>
    private string? Sentence(Template text) => Sentences.Tidy(Plain(text)) is { Length: > 0 } tidy ? tidy : null;

    private string Plain(Template text)
    {
        StringBuilder into = new();
        Expand(text, into);
        return into.ToString();
    }

    private void Expand(Template text, StringBuilder into)
    {
        foreach (TemplatePart part in text.Parts)
        {
            switch (part)
            {
                case TemplatePart.Literal l:
                    into.Append(l.Text);
                    break;
                case TemplatePart.Symbol s:
                    Expand(Pick(grammar.Symbols[s.Name].Texts.Items, static i => i.Weight).Text, into);
                    break;
                case TemplatePart.Slot s:
                    Expand(Pick(scope[s.Name].Texts[s.Attribute].Items, static i => i.Weight).Text, into);
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    private T Pick<T>(ImmutableArray<T> items, Func<T, int> weight)
    {
        int at = rng.NextInt(items.Sum(weight));
        foreach (T item in items)
        {
            at -= weight(item);
            if (at < 0)
                return item;
        }

        throw new UnreachableException();
    }
}
