using System.Globalization;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>
/// A value with its key path. Each method returns the value, or reports a problem and returns the fallback.
/// </summary>
internal sealed class FieldReader(string path, YamlNode node, Problems problems)
{
    private const int AmountDigits = 12;

    public string Path => path;

    public YamlNode Node => node;

    public Place At => node.At;

    public Problems Problems => problems;

    /// <summary>Reports that something else was expected.</summary>
    public void Expected(string expected) => problems.Fail(At, path, $"found {node.Found}, expected {expected}");

    /// <summary>Reports a problem.</summary>
    public void Fail(string text) => problems.Fail(At, path, text);

    /// <summary>The schema in which a placeholder records requests; null for an actual value.</summary>
    public SchemaShape? Asked => (node as Blank)?.Shape;

    /// <summary>A whole number.</summary>
    public long Whole(long fallback, long low, long high)
    {
        Asked?.Whole(low, high);
        if (
            Plain is { } text
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= low
            && number <= high
        )
            return number;
        Expected($"a whole number from {low} to {high}");
        return fallback;
    }

    /// <summary>A whole number, optionally followed by k (thousand) or M (million).</summary>
    /// <param name="low">0 or 1.</param>
    /// <param name="digits">The greatest value is the greatest number of so many digits.</param>
    public long Amount(long low, int digits = AmountDigits)
    {
        Asked?.Amount(low, digits);
        var high = (long)Math.Pow(10, digits) - 1;
        if (Plain is { Length: > 0 } text)
        {
            var (amount, unit) = text[^1] switch
            {
                'k' => (text[..^1], 1_000L),
                'M' => (text[..^1], 1_000_000L),
                _ => (text, 1L),
            };
            if (
                long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= high / unit
                && number * unit >= low
            )
                return number * unit;
        }

        Expected($"a whole number from {low} to {high}, optionally followed by k or M, such as 2M");
        return low;
    }

    /// <summary>A number.</summary>
    public double Real(double fallback, NumberRange range)
    {
        Asked?.Real(range);
        if (Plain is { } text && TryNumber(text, out var number) && range.Contains(number))
            return number;
        Expected($"a number{range}");
        return fallback;
    }

    /// <summary>A fraction, or the same as a percentage: <c>.05</c> or <c>5%</c>.</summary>
    /// <param name="or">A word that is also allowed; the caller has checked for it.</param>
    public double Share(double fallback, NumberRange range, string? or = null)
    {
        Asked?.Share(range);
        if (Plain is { } text)
        {
            var percent = text.EndsWith('%');
            if (TryNumber(percent ? text[..^1].TrimEnd() : text, out var number) && range.Contains(percent ? number / 100 : number))
                return percent ? number / 100 : number;
        }

        Expected($"a fraction{range} or a percentage{(or is null ? "" : $", or {or}{Hint(or)}")}");
        return fallback;
    }

    /// <summary>true or false.</summary>
    public bool Flag(bool fallback)
    {
        Asked?.Flag();
        if (Plain is "true" or "false")
            return Plain == "true";
        Expected($"true or false{Nearest.Hint(Plain ?? "", ["true", "false"])}");
        return fallback;
    }

    /// <summary>A text that is not blank.</summary>
    public string Text(string expected = "a text")
    {
        Asked?.Text();
        if (node is ScalarNode { IsNothing: false } scalar && !string.IsNullOrWhiteSpace(scalar.Text))
            return scalar.Text;
        Expected(expected);
        return "";
    }

    /// <summary>One of a closed set of words.</summary>
    public T Word<T>(Keywords<T> words, T fallback)
    {
        Asked?.Word(words.Names);
        if (node is ScalarNode { IsNothing: false } scalar)
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

    /// <summary>Whether the value is the one special word, such as <c>none</c>.</summary>
    public bool Is(string word)
    {
        Asked?.OrConstant(word);
        return node is ScalarNode scalar && scalar.Text == word;
    }

    /// <summary>Whether the value is empty, which is allowed here.</summary>
    public bool IsNothing()
    {
        Asked?.OrConstant(word: null);
        return node is ScalarNode { IsNothing: true };
    }

    /// <summary>An index into a list of this length, from 0.</summary>
    /// <param name="most">The greatest length of such a list.</param>
    public int Index(int items, int most)
    {
        var index = (int)Whole(0, 0, Math.Max(1, items) - 1);
        Asked?.Whole(0, most - 1); // a schema cannot count the items of another key
        return index;
    }

    /// <summary>The items of a list, or none if it is not a list of at least this length.</summary>
    /// <param name="distinct">Whether texts must differ; the caller reports duplicates.</param>
    /// <param name="atMost">The greatest length; 0 for no bound.</param>
    public IEnumerable<FieldReader> Items(string expected, int atLeast = 1, bool distinct = false, int atMost = 0)
    {
        if (Asked?.Items(atLeast, distinct, atMost) is { } item)
            return [new FieldReader($"{path}[]", new Blank(item), problems)];
        if (node is SequenceNode list && list.Items.Length >= atLeast && (atMost == 0 || list.Items.Length <= atMost))
            return list.Items.Select((item, i) => new FieldReader($"{path}[{i}]", item, problems));
        problems.Fail(
            At,
            path,
            $"found {(node is SequenceNode l ? l.Items.IsEmpty ? "an empty list" : $"a list of {l.Items.Length}" : node.Found)}, "
                + $"expected {expected}"
        );
        return [];
    }

    /// <summary>A mapping, or null if it is none.</summary>
    /// <param name="or">A word that is also allowed; the caller has checked for it.</param>
    public Section? Section(string expected = "a mapping of keys and values", string? or = null)
    {
        if (node is MappingNode mapping)
            return new Section(path, mapping, problems);
        if (Asked?.Section() is { } keys)
            return new Section(path, new MappingNode(At, []), problems, keys);
        Expected(or is null ? expected : $"{expected}{Hint(or)}");
        return null;
    }

    private string Hint(string word) => node is ScalarNode { IsNothing: false } scalar ? Nearest.Hint(scalar.Text, [word]) : "";

    private string? Plain => node is ScalarNode { Plain: true, IsNothing: false } scalar ? scalar.Text : null;

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out number
        );
}
