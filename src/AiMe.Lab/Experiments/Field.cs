using System.Globalization;
using AiMe.Models.Corpora;

namespace AiMe.Lab;

/// <summary>A value with its key path. Each reading gives the value, or tells a problem and gives the fallback.</summary>
internal sealed class Field(string path, Node node, Problems problems)
{
    public string Path => path;

    public Node Node => node;

    public Place At => node.At;

    public Problems Problems => problems;

    /// <summary>Tells that something else was expected.</summary>
    public void Expected(string expected) => problems.Fail(At, path, $"found {node.Found}, expected {expected}");

    /// <summary>Tells a problem in words of its own.</summary>
    public void Fail(string text) => problems.Fail(At, path, text);

    /// <summary>A whole number.</summary>
    public long Whole(long fallback, long low, long high)
    {
        if (Plain is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high)
            return number;
        Expected(high is int.MaxValue or long.MaxValue ? $"a whole number of {low} or more" : $"a whole number from {low} to {high}");
        return fallback;
    }

    /// <summary>A number.</summary>
    public double Real(double fallback, Interval range)
    {
        if (Plain is { } text && TryNumber(text, out var number) && range.Contains(number))
            return number;
        Expected($"a number{range}");
        return fallback;
    }

    /// <summary>A fraction, or the same as a percentage: <c>.05</c> or <c>5%</c>.</summary>
    public double Share(double fallback, Interval range)
    {
        if (Plain is { } text)
        {
            var percent = text.EndsWith('%');
            if (TryNumber(percent ? text[..^1].TrimEnd() : text, out var number) && range.Contains(percent ? number / 100 : number))
                return percent ? number / 100 : number;
        }

        Expected($"a fraction{range} or a percentage");
        return fallback;
    }

    /// <summary>true or false.</summary>
    public bool Flag(bool fallback)
    {
        if (Plain is "true" or "false")
            return Plain == "true";
        Expected("true or false");
        return fallback;
    }

    /// <summary>A text that is not blank.</summary>
    public string Text(string expected = "a text")
    {
        if (node is Scalar { IsNothing: false } scalar && !string.IsNullOrWhiteSpace(scalar.Text))
            return scalar.Text;
        Expected(expected);
        return "";
    }

    /// <summary>One of a closed set of words.</summary>
    public T Word<T>(Words<T> words, T fallback)
    {
        if (node is Scalar { IsNothing: false } scalar)
        {
            foreach (var (word, meaning) in words.All)
            {
                if (word == scalar.Text)
                    return meaning;
            }

            Expected($"{words.What}: {string.Join(", ", words.Names)}{Nearest.Hint(scalar.Text, words.Names)}");
            return fallback;
        }

        Expected($"{words.What}: {string.Join(", ", words.Names)}");
        return fallback;
    }

    /// <summary>The items of a list, or none where it is not a list of at least so many.</summary>
    public IEnumerable<Field> Items(string expected, int atLeast = 1)
    {
        if (node is Listing list && list.Items.Length >= atLeast)
            return list.Items.Select((item, i) => new Field($"{path}[{i}]", item, problems));
        problems.Fail(At, path, $"found {(node is Listing l ? l.Items.IsEmpty ? "an empty list" : $"a list of {l.Items.Length}" : node.Found)}, expected {expected}");
        return [];
    }

    /// <summary>A mapping, or null where it is none.</summary>
    public Section? Section(string expected = "a mapping of keys and values")
    {
        if (node is Mapping mapping)
            return new Section(path, mapping, problems);
        Expected(expected);
        return null;
    }

    private string? Plain => node is Scalar { Plain: true, IsNothing: false } scalar ? scalar.Text : null;

    private static bool TryNumber(string text, out double number) => double.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
}
