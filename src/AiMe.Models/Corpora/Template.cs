using System.Collections.Immutable;

namespace AiMe.Models.Corpora;

/// <summary>A piece of a text. Closed set.</summary>
internal abstract record Part
{
    private Part()
    {
    }

    /// <summary>Stands as it is.</summary>
    public sealed record Literal(string Text) : Part;

    /// <summary><c>{name}</c>: one alternative of a symbol, chosen afresh.</summary>
    public sealed record Symbol(string Name) : Part;

    /// <summary><c>{name.attribute}</c>: an attribute of the row bound to that name.</summary>
    public sealed record Slot(string Name, string Attribute) : Part;
}

/// <summary>A text with slots, and where it stands.</summary>
internal sealed record Template(ImmutableArray<Part> Parts, Field At)
{
    /// <summary>Splits a text into its pieces.</summary>
    /// <exception cref="GrammarException">A brace is left open, closed twice or empty.</exception>
    public static Template Parse(Field field)
    {
        ImmutableArray<Part>.Builder parts = ImmutableArray.CreateBuilder<Part>();
        string text = field.Text();
        for (int at = 0; at < text.Length;)
        {
            int open = text.IndexOf('{', at);
            int stop = open < 0 ? text.Length : open;
            if (text.AsSpan(at, stop - at).Contains('}'))
                throw field.Fail("a '}' has no '{' before it");
            if (stop > at)
                parts.Add(new Part.Literal(text[at..stop]));
            if (open < 0)
                break;
            int close = text.IndexOf('}', open);
            parts.Add(close < 0 ? throw field.Fail("a '{' is never closed") : Slot(text[(open + 1)..close], field));
            at = close + 1;
        }

        return new Template(parts.ToImmutable(), field);
    }

    private static Part Slot(string inside, Field field) => inside.Split('.') switch
    {
        [var name] when IsName(name) => new Part.Symbol(name),
        [var name, var attribute] when IsName(name) && IsName(attribute) => new Part.Slot(name, attribute),
        _ => throw field.Fail($"'{{{inside}}}' is not a slot; {{symbol}} or {{name.attribute}} was expected, in letters, digits and '-'"),
    };

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
