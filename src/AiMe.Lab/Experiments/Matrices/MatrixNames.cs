using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Matrices;

/// <summary>Names the variants of a matrix after their values.</summary>
/// <remarks>
/// A number is preceded by the name of its setting, and its point is written p: <c>anchor-0p25</c>. Percentages are
/// written as fractions, so that 25% and 0.25 give one name. A word stands alone: <c>replace</c>. A value that is too long
/// for a name is numbered: <c>curate-2</c>.
/// </remarks>
internal static class MatrixNames
{
    private const int LongestValue = 24;

    // Words that say nothing without their setting.
    private static readonly string[] Unspecific = ["none", "true", "false"];

    /// <summary>The names of the product, all different.</summary>
    /// <param name="longest">If a name would be longer, the variants are numbered: matrix-1, matrix-2.</param>
    public static ImmutableArray<string> Of(ImmutableArray<SettingAxis> axes, int variants, int longest)
    {
        var labels = Labels(axes);
        var values = axes.Select(a => a.Values.Select(Value).ToArray()).ToArray();
        string Part(int axis, int value)
        {
            var (text, alone) = values[axis][value];
            if (text.Length is 0 or > LongestValue)
                return $"{labels[axis]}-{value + 1}";
            return alone && !values.Where((_, a) => a != axis).Any(other => other.Any(v => v.Text == text))
                ? text
                : $"{labels[axis]}-{text}";
        }

        string[][] parts = [.. axes.Select((a, i) => a.Values.Select((_, v) => Part(i, v)).ToArray())];
        string[] names =
        [
            .. Enumerable
                .Range(0, variants)
                .Select(i => string.Join('-', SettingMatrix.ValuesOf(axes, i).Select((value, axis) => parts[axis][value]))),
        ];
        var unique = Unique(names);
        return unique.Any(n => n.Length > longest) ? [.. names.Select((_, i) => $"matrix-{i + 1}")] : unique;
    }

    /// <summary>A number, or a percentage as a fraction; null for other values.</summary>
    public static decimal? Number(YamlNode value)
    {
        if (value is not ScalarNode { Plain: true, Text: { Length: > 0 } text })
            return null;
        var percent = text.EndsWith('%');
        return decimal.TryParse(
            percent ? text[..^1].TrimEnd() : text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? percent
                ? number / 100
                : number
            : null;
    }

    // The last word of the key; that of a fraction is what it is a fraction of. If two axes have one label, the whole keys.
    private static string[] Labels(ImmutableArray<SettingAxis> axes)
    {
        string[] labels = [.. axes.Select(a => Label(a.Key))];
        return [.. labels.Select((label, i) => Slug(labels.Count(l => l == label) == 1 ? label : axes[i].Key))];
    }

    private static string Label(string key)
    {
        var words = key.Split('.');
        return words is [.., var owner, "fraction"] ? owner : words[^1];
    }

    private static (string Text, bool Alone) Value(YamlNode node)
    {
        if (Number(node) is { } number)
            return (Text(number), false);
        var text = Slug(Words(node));
        return (text, text.Length > 0 && char.IsAsciiLetter(text[0]) && !Unspecific.Contains(text, StringComparer.Ordinal));
    }

    private static string Words(YamlNode node) =>
        node switch
        {
            ScalarNode { IsNothing: true } => "",
            SequenceNode list => string.Join('-', list.Items.Select(Words)),
            MappingNode mapping => string.Join('-', mapping.Entries.Select(e => $"{e.Key}-{Words(e.Value)}")),
            ScalarNode scalar => Number(node) is { } number ? Text(number) : scalar.Text,
            _ => throw new UnreachableException(),
        };

    private static string Text(decimal number)
    {
        var digits = Math.Abs(number).ToString("0.############################", CultureInfo.InvariantCulture).Replace('.', 'p');
        return number < 0 ? $"minus-{digits}" : digits;
    }

    private static string Slug(string text)
    {
        StringBuilder slug = new();
        foreach (var c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString().TrimEnd('-');
    }

    // Equal values would give equal names: the later ones are numbered from 2.
    private static ImmutableArray<string> Unique(string[] names)
    {
        HashSet<string> taken = [.. names];
        HashSet<string> given = new(StringComparer.Ordinal);
        return
        [
            .. names.Select(name =>
            {
                var (unique, n) = (name, 1);
                while (!given.Add(unique))
                {
                    do unique = $"{name}-{++n}";
                    while (taken.Contains(unique));
                }

                return unique;
            }),
        ];
    }
}
