using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Matrices;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>matrix</c>: settings, each with a list of values. Their product gives the variants.</summary>
internal static partial class MatrixReader
{
    public const string How =
        "settings, each with a list of values: every combination is a variant, named after its values; the last setting changes "
        + "fastest. Such as {train.anchor.fraction: [0, 0.25, 0.5]}";

    /// <summary>Variants are compared with each other, so their number is bounded far below that of instances.</summary>
    public const int MostVariants = 1000;

    private const string KeyPattern = @"^(generate|reflect|memory|train|curate|model)(\.[a-z][a-z0-9-]*)*$";

    private const string Values = "a list of values, such as [1, 2, 4]";

    /// <summary>The matrix; null if its problems were reported.</summary>
    /// <param name="longest">The greatest length of a variant's name, in characters.</param>
    public static SettingMatrix? Read(FieldReader? field, int longest)
    {
        if (field is null)
            return SettingMatrix.None;
        if (field.Section($"a mapping of settings, each with {Values}") is not { } s)
            return null;
        var axes = ImmutableArray.CreateBuilder<SettingAxis>();
        var sound = true;
        foreach (var (entry, values) in s.Each(KeyPattern))
        {
            SettingAxis axis = new(entry.Key, entry.At, ValuesOf(values));
            sound &= !axis.Values.IsEmpty && IsKey(entry, values) && IsFree(axis, axes, values);
            axes.Add(axis);
        }

        if (field.Asked is not null)
            return SettingMatrix.None;
        if (axes.Count == 0)
            field.Fail("found no setting, expected at least one, such as train.epochs: [1, 2, 4]");
        return sound && axes.Count > 0 ? Of(axes.ToImmutable(), field, longest) : null;
    }

    private static SettingMatrix? Of(ImmutableArray<SettingAxis> axes, FieldReader field, int longest)
    {
        var variants = axes.Aggregate(1.0, (product, axis) => product * axis.Values.Length);
        if (variants <= MostVariants)
            return new(axes, MatrixNames.Of(axes, (int)variants, longest));
        var product = string.Join(" x ", axes.Select(a => a.Values.Length));
        field.Fail(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{product} values are {variants:N0} variants, expected at most {MostVariants:N0}: remove values"
            )
        );
        return null;
    }

    private static ImmutableArray<YamlNode> ValuesOf(FieldReader field)
    {
        if (field.Node is MappingNode)
            field.Expected($"{Values}; write the whole key with points, such as train.anchor.fraction");
        else
            return [.. field.Items(Values).Select(v => v.Node)];
        return [];
    }

    // A section that does not exist is reported when the variants are read.
    private static bool IsKey(MappingEntry entry, FieldReader field)
    {
        if (KeyForm().IsMatch(entry.Key))
            return true;
        var start = entry.Key.Split('.')[0];
        var text = ExperimentFile.RunKeys.Contains(start, StringComparer.Ordinal)
            ? VariantReader.OfTheRun
            : $"found '{entry.Key}', expected a setting that a variant may have, with its section, such as train.epochs" + HintOf(start);
        field.Problems.Fail(entry.At, field.Path, text);
        return false;
    }

    // A setting without its section is more likely than a misspelt section.
    private static string HintOf(string start)
    {
        string[] whole =
        [
            .. SettingKeys
                .Of(new VariantPlan("", Defaults.Generate, Defaults.Memory, Defaults.Reflect, Defaults.Curate, Defaults.Train))
                .Select(s => s.Key.Split('.'))
                .Where(k => k.Length > 1 && k[1] == start)
                .Select(k => $"'{k[0]}.{k[1]}'")
                .Distinct(),
        ];
        return whole.Length > 0 ? $"; did you mean {string.Join(" or ", whole)}?" : Corpora.Nearest.Hint(start, VariantReader.Sections);
    }

    private static bool IsFree(SettingAxis axis, IEnumerable<SettingAxis> others, FieldReader field)
    {
        if (others.FirstOrDefault(axis.Overlaps) is not { } other)
            return true;
        field.Problems.Fail(axis.At, field.Path, $"{other.Key} sets this too, so a variant would have two values; keep one of them");
        return false;
    }

    [GeneratedRegex(KeyPattern)]
    private static partial Regex KeyForm();
}
