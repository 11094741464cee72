using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Matrices;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>variants</c>: the keys of each override the experiment's own settings.</summary>
internal static partial class VariantReader
{
    /// <summary>The greatest length of <c>{run}/{instance}</c>, in characters.</summary>
    /// <remarks>Earlier releases wrote it as a tag, which limits it to the width of Akka's tag column.</remarks>
    public const int LongestName = 64;

    private const string Supervisor = "supervisor";

    public const string How =
        "the variants to compare, beside those of a matrix: each may set keys of generate, reflect, memory, train, curate and model; other "
        + "keys keep the experiment's values";

    public const string OfTheRun =
        "all variants of a run share it, so that they can be compared; a variant may set generate, reflect, "
        + "memory, train, curate and model";

    /// <summary>The sections that a variant may set.</summary>
    public static ImmutableArray<string> Sections { get; } = ["generate", "reflect", "memory", "train", "curate", "model"];

    /// <summary>The variants of the matrix, then those that are listed.</summary>
    /// <param name="model">Reads the models of variants.</param>
    /// <param name="charters">Reads the charters of variants.</param>
    /// <param name="longestTail">Characters of <c>{run}/{instance}</c> beside the variant's name.</param>
    public static ImmutableArray<VariantPlan> Read(
        FieldReader? listed,
        SettingMatrix matrix,
        VariantPlan fallback,
        VariantModelReader model,
        VariantCharterReader charters,
        int longestTail,
        Problems problems
    )
    {
        var all = ImmutableArray.CreateBuilder<VariantPlan>();
        Dictionary<string, FieldReader> places = new(StringComparer.Ordinal);
        foreach (var (i, name) in matrix.Names.Index())
        {
            // Read at the place of its values, so that a wrong value is reported once and as part of the matrix.
            FieldReader field = new("matrix", matrix.SettingsOf(i), problems);
            places[name] = field;
            CheckName(new(field.At, name, field.Node), field, longestTail);
            all.Add(Read(name, field, fallback, model, charters));
        }

        if (listed?.Section() is not { } variants)
            return RuleReader.Resolve(all.ToImmutable(), places.GetValueOrDefault);
        var fields = variants.Each(ExperimentFile.NamePattern, Supervisor).ToArray();
        if (fields.Length == 0)
            problems.Fail(variants.At, variants.Path, "found no variant, expected at least one, such as  keep-all: {curate: [keep-all]}");
        foreach (var (entry, field) in fields)
        {
            places[entry.Key] = field;
            CheckName(entry, field, longestTail);
            if (matrix.Names.Contains(entry.Key, StringComparer.Ordinal))
                field.Problems.Fail(entry.At, field.Path, "the matrix has a variant of this name, expected another name");
            all.Add(Read(entry.Key, field, fallback, model, charters));
        }

        CheckSeeds(all, places);
        return RuleReader.Resolve(all.ToImmutable(), places.GetValueOrDefault);
    }

    private static void CheckSeeds(IReadOnlyCollection<VariantPlan> all, Dictionary<string, FieldReader> places)
    {
        foreach (var variant in all.Where(v => v.SeedsOf is { Length: > 0 }))
        {
            string[] others = [.. all.Where(v => v.Name != variant.Name && v.SeedsOf is null).Select(v => v.Name)];
            if (!others.Contains(variant.SeedsOf, StringComparer.Ordinal))
                places[variant.Name]
                    .Fail(
                        $"found 'seeds-of: {variant.SeedsOf}', expected another variant with seeds of its own: "
                            + $"{string.Join(", ", others)}{Nearest.Hint(variant.SeedsOf!, others)}"
                    );
        }
    }

    private static VariantPlan Read(
        string name,
        FieldReader field,
        VariantPlan fallback,
        VariantModelReader model,
        VariantCharterReader charters
    )
    {
        // A name without a value is a variant that changes nothing.
        if (field.IsNothing() || field.Section() is not { } s)
            return fallback with { Name = name, Charter = charters.Read(null, field) };
        VariantPlan variant = new(
            name,
            SettingsReader.Generate(s.Find("generate", SettingsReader.HowAnswers), fallback.Self),
            SettingsReader.Memory(s.Find("memory", SettingsReader.HowMemories), fallback.Memory),
            SettingsReader.Reflect(s.Find("reflect", SettingsReader.HowThoughts), fallback.Reflector),
            RuleReader.Policy(s.Find("curate", RuleReader.How), fallback.Curate),
            TrainReader.OfVariant(s.Find("train", TrainReader.How), fallback.Trainer),
            model.Read(s.Find("model", VariantModelReader.How)),
            Charter: charters.Read(s.Find("charter", VariantCharterReader.How), field),
            SeedsOf: s.Find(
                    "seeds-of",
                    "a variant whose seeds its instances have too: with the same settings, the two are identical until an event differs"
                )
                ?.Text("the name of another variant")
        );
        s.Close([.. ExperimentFile.RunKeys.Select(key => (key, OfTheRun))]);
        return variant;
    }

    private static void CheckName(MappingEntry entry, FieldReader field, int longestTail)
    {
        if (!NameForm().IsMatch(entry.Key))
            field.Problems.Fail(
                entry.At,
                field.Path,
                $"found '{entry.Key}', expected a name of lower-case letters, digits and hyphens that begins with a letter or digit"
            );
        else if (entry.Key == Supervisor)
            field.Problems.Fail(entry.At, field.Path, "'supervisor' is the name of a stream in the journal, expected another name");
        else if (entry.Key.Length > LongestName - longestTail)
            field.Problems.Fail(
                entry.At,
                field.Path,
                $"the name 'run/instance' would be {entry.Key.Length + longestTail} characters, expected at most "
                    + $"{LongestName}: shorten the variant's or the experiment's name by "
                    + $"{entry.Key.Length + longestTail - LongestName}"
            );
    }

    [GeneratedRegex(ExperimentFile.NamePattern)]
    private static partial Regex NameForm();
}
