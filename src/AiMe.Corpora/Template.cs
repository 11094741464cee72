using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>A part of a text: a closed set.</summary>
internal abstract record TemplatePart
{
    private TemplatePart() { }

    /// <summary>Literal text.</summary>
    public sealed record Literal(string Text) : TemplatePart;

    /// <summary><c>{name}</c>: one alternative of a symbol, chosen independently each time.</summary>
    public sealed record Symbol(string Name) : TemplatePart;

    /// <summary><c>{name.attribute}</c>: an attribute of the row bound to that name.</summary>
    public sealed record Slot(string Name, string Attribute) : TemplatePart;
}

/// <summary>A text with slots, and its place.</summary>
internal sealed record Template(ImmutableArray<TemplatePart> Parts, RecordField At)
{
    /// <summary>Splits a text into its parts.</summary>
    /// <exception cref="GrammarException">A brace is not closed, closed twice or empty.</exception>
    public static Template Parse(RecordField field)
    {
        ImmutableArray<TemplatePart>.Builder parts = ImmutableArray.CreateBuilder<TemplatePart>();
        string text = field.Text();
        for (int at = 0; at < text.Length; )
        {
            int open = text.IndexOf('{', at);
            int stop = open < 0 ? text.Length : open;
            if (text.AsSpan(at, stop - at).Contains('}'))
                throw field.Fail("a '}' has no '{' before it");
            if (stop > at)
                parts.Add(new TemplatePart.Literal(text[at..stop]));
            if (open < 0)
                break;
            int close = text.IndexOf('}', open);
            parts.Add(close < 0 ? throw field.Fail("a '{' is never closed") : Slot(text[(open + 1)..close], field));
            at = close + 1;
        }

        return new Template(parts.ToImmutable(), field);
    }

    private static TemplatePart Slot(string inside, RecordField field) =>
        inside.Split('.') switch
        {
            [var name] when IsName(name) => new TemplatePart.Symbol(name),
            [var name, var attribute] when IsName(name) && IsName(attribute) => new TemplatePart.Slot(name, attribute),
            _ => throw field.Fail(
                $"'{{{inside}}}' is not a slot; {{symbol}} or {{name.attribute}} was expected, in letters, digits and '-'"
            ),
        };

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
