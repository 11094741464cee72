using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Matrices;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the variants of a contrast.</summary>
/// <param name="design">Null if the variants are not known: then no name is checked.</param>
internal sealed class VariantNames(Design? design)
{
    private const int ShownAtMost = 12;

    private const string ThreeOrMore = "a list of three variants or more, in order, or a setting of the matrix";

    private IEnumerable<string> Known => design?.Variants.Select(v => v.Name) ?? [];

    /// <summary>Two different variants, or null.</summary>
    public (string First, string Second)? Pair(FieldReader field) =>
        List(field, "a list of two variants, such as [a, b]", least: 2, most: 2) is [var a, var b] ? (a, b) : null;

    /// <summary>Different variants, in order; empty if one of them is unknown.</summary>
    public ImmutableArray<string> Several(FieldReader field, int least) =>
        List(field, $"a list of {(least == 1 ? "variants" : "three variants or more, in order")}", least, MatrixReader.MostVariants);

    /// <summary>Every other variant against one.</summary>
    public ImmutableArray<DeclaredContrast> Against(FieldReader field, EffectDirection direction)
    {
        if (One(field) is not { } one)
            return [];
        if (design is { Variants.Length: 1 })
            field.Fail($"{one} is the only variant, so there is nothing to compare with it");
        return [.. Known.Where(v => v != one).Select(v => new DeclaredContrast.Pair(v, one, direction))];
    }

    /// <summary>Ordered variants: one contrast, or one for each combination of the other settings of the matrix.</summary>
    public ImmutableArray<DeclaredContrast> Ordered(FieldReader field, EffectDirection direction)
    {
        if (field.Node is ScalarNode { IsNothing: false } setting)
            return [.. Along(field, setting.Text).Select(v => new DeclaredContrast.Ordered(v, direction))];
        var names = List(field, ThreeOrMore, least: 3, most: MatrixReader.MostVariants);
        field.Asked?.Or().Text();
        return names.Length >= 3 ? [new DeclaredContrast.Ordered(names, direction)] : [];
    }

    /// <summary>All pairs of trained variants.</summary>
    public ImmutableArray<DeclaredContrast> AllPairs(FieldReader field)
    {
        field.Asked?.Word(["trained"]);
        if (field.Node is not ScalarNode { Text: "trained" })
            field.Expected("trained");
        if (design is null)
            return [];
        string[] trained = [.. design.Variants.Where(Trainable.ByPlan).Select(v => v.Name)];
        if (trained.Length < 2)
            field.Fail(
                $"all-pairs are the pairs of trained variants, and {(trained is [var only] ? $"only {only} is" : "none is")} trained; "
                    + "expected contrasts that name the variants, such as {pair: [a, b]}"
            );
        if (trained.Length * (trained.Length - 1.0) / 2 > AnalysisReader.MostTests)
        {
            field.Fail(
                $"the pairs of {trained.Length} trained variants are more than {AnalysisReader.MostTests} tests; "
                    + "expected contrasts that name the variants"
            );
            return [];
        }

        return [.. trained.SelectMany((a, i) => trained.Skip(i + 1).Select(b => new DeclaredContrast.Pair(a, b)))];
    }

    /// <summary>A text that is equal for two contrasts that compare the same, whatever their direction.</summary>
    public static string Same(DeclaredContrast contrast)
    {
        return contrast switch
        {
            DeclaredContrast.Pair p => Sorted(" and ", [p.First, p.Second]),
            DeclaredContrast.Equivalent e => $"{Sorted(" and ", [e.First, e.Second])} as equivalent",
            DeclaredContrast.Ordered { Variants: var v } => string.Join(", ", string.CompareOrdinal(v[0], v[^1]) <= 0 ? v : v.Reverse())
                + " in order",
            _ => throw new UnreachableException(),
        };

        static string Sorted(string between, string[] names) => string.Join(between, names.Order(StringComparer.Ordinal));
    }

    private IEnumerable<ImmutableArray<string>> Along(FieldReader field, string setting)
    {
        if (design is null)
            return [];
        if (design.Matrix.Axes.FirstOrDefault(a => a.Key == setting) is not { } axis)
        {
            string[] settings = [.. design.Matrix.Axes.Select(a => a.Key)];
            field.Expected(
                settings.Length == 0
                    ? $"{ThreeOrMore}; this experiment has no matrix"
                    : $"{ThreeOrMore}: {string.Join(", ", settings)}{Nearest.Hint(setting, settings)}"
            );
            return [];
        }

        if (axis.Values.Length < 3)
            field.Fail(
                $"{setting} has {axis.Values.Length} {(axis.Values.Length == 1 ? "value" : "values")}, expected three or more; "
                    + "compare two variants as a pair"
            );
        else if (!axis.IsOrdered())
            field.Fail(
                $"the values of {setting} at {axis.At} neither rise nor fall, expected them in order; or list the variants in order"
            );
        else
            return design.Matrix.Along(axis);
        return [];
    }

    private ImmutableArray<string> List(FieldReader field, string expected, int least, int most)
    {
        var items = field.Items(expected, least, distinct: true, most).ToArray();
        if (items.Length == 0)
            return [];
        string?[] names = [.. items.Select(One)];
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is { } name && Array.IndexOf(names, name) < i)
            {
                items[i].Fail($"{name} is named twice, so it would be compared with itself; expected different variants");
                return [];
            }
        }

        return names.Contains(null) ? [] : [.. names!];
    }

    /// <summary>One variant, or null.</summary>
    public string? One(FieldReader field)
    {
        const string Expected = "the name of a variant";
        var name = field.Text(Expected);
        if (name.Length == 0)
            return null;
        string[] known = [.. Known];
        if (design is null || known.Contains(name, StringComparer.Ordinal))
            return name;
        var shown =
            string.Join(", ", known.Take(ShownAtMost)) + (known.Length > ShownAtMost ? $" and {known.Length - ShownAtMost} more" : "");
        field.Expected($"a variant: {shown}{Nearest.Hint(name, known)}");
        return null;
    }
}
