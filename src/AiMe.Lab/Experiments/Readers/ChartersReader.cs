using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Lab.Experiments.Personas;
using AiMe.Lab.Experiments.Populations;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>charter</c> or <c>charters</c>: the identities of the instances.</summary>
internal static class ChartersReader
{
    /// <summary>The most charters of an experiment.</summary>
    public const int Most = 1000;

    private const string How =
        "several charters in place of one: each has so many replicates of every variant as the key replicates says, or each variant names "
        + "one of them; exactly one of from, files and sample";

    private const string Form = "one of {from: a folder}, {files: [a.yaml, b.json]} and {sample: {count: 20}}";

    /// <summary>The charters; null if one of them, or the key, has an error.</summary>
    public static CharterSet? Read(Section s)
    {
        var one = s.Find("charter", "the identity of every instance: a file, relative to this one");
        var several = s.Find("charters", How);
        s.Rule(() => SchemaRules.OneOf("charter", "charters"));
        if (one?.Asked is not null)
            one.Text();
        if (several?.Asked is not null)
            return Several(several);
        if (one is null == several is null)
        {
            s.Problems.Fail(
                several?.At ?? s.At,
                "charter",
                one is null
                    ? "the key is missing, expected the path of a charter, or charters: " + Form
                    : "found charter and charters, expected one of them"
            );
            return null;
        }

        return several is not null ? Several(several) : One(one!);
    }

    private static CharterSet? One(FieldReader field) =>
        TextFile.Referred(field, "the charter") is { } file && CharterFile.Read(file, field.Problems) is { } charter
            ? new(file, [new(file, charter)], ByVariant: false)
            : null;

    private static CharterSet? Several(FieldReader field)
    {
        if (field.Section(Form) is not { } s)
            return null;
        var from = s.Find("from", "a folder, relative to this file: its .yaml, .yml and .json files, in the order of their names");
        var files = s.Find("files", "charters in YAML, or personas in JSON (docs/PERSONA.md), relative to this file");
        var sample = s.Find("sample", "charters that are drawn from lists of parts, by a seed");
        s.Rule(() => SchemaRules.OneOf("from", "files", "sample"));
        var byVariant = s.Word(
            "each",
            Keywords.CharterOwners,
            fallback: false,
            "replicate: every charter has the experiment's replicates of every variant; variant: every variant names its charter"
        );
        if (field.Asked is not null)
        {
            from!.Text();
            Files(files!);
            Sample(sample!);
            s.Close();
            return null;
        }

        FieldReader?[] given = [from, files, sample];
        if (given.Count(g => g is not null) != 1)
            field.Fail($"found {given.Count(g => g is not null)} of from, files and sample, expected {Form}");
        var members =
            files is not null ? Files(files)
            : sample is not null ? Sample(sample)
            : from is not null ? Folder(from)
            : [];
        s.Close();
        if (members.IsDefaultOrEmpty || !AreDistinct(field, members))
            return null;
        return new(members[0].Source, members, byVariant);
    }

    private static ImmutableArray<ExperimentCharter> Folder(FieldReader field)
    {
        if (TextFile.Folder(field, "a folder of charters") is not { } folder)
            return [];
        string[] all = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        string[] files = [.. all.Where(f => IsYaml(f) || IsJson(f))];
        if (files.Length is 0 or > Most)
        {
            field.Fail($"found {files.Length} files of .yaml, .yml or .json in {folder}, expected 1 to {Most} charters");
            return [];
        }

        if (all.Length > files.Length)
            field.Problems.Note(
                field.At,
                field.Path,
                $"{all.Length - files.Length} other files of the folder are not read: "
                    + string.Join(", ", all.Except(files).Select(Path.GetFileName))
            );
        return Each(files, field);
    }

    private static ImmutableArray<ExperimentCharter> Files(FieldReader field)
    {
        List<string> files = [];
        foreach (var item in field.Items($"a list of 1 to {Most} files", atMost: Most, distinct: true))
        {
            if (item.Asked is not null)
                item.Text();
            else if (TextFile.Referred(item, "a charter") is { } file)
            {
                if (files.Contains(file))
                    item.Fail($"found '{file}' twice, expected once");
                files.Add(file);
            }
        }

        return field.Asked is null && files.Count > 0 ? Each(files, field) : [];
    }

    private static ImmutableArray<ExperimentCharter> Each(IEnumerable<string> files, FieldReader field) =>
        [
            .. files
                .Select(f => (File: f, Charter: IsJson(f) ? Persona(f, field) : CharterFile.Read(f, field.Problems)))
                .SelectMany(IEnumerable<ExperimentCharter> (f) => f.Charter is { } charter ? [new(f.File, charter)] : []),
        ];

    // What a charter has no place for is told, and what it needs and the persona lacks is an error or an assumption.
    private static Faculties.Charter? Persona(string file, FieldReader field)
    {
        var import = PersonaImport.Read(file);
        foreach (var problem in import.Problems)
            field.Problems.Fail(problem.At, problem.Key, problem.Text);
        foreach (var (member, expected) in import.Missing)
            field.Problems.Fail(Place.Of(file), member, $"the persona has no such member, expected {expected}");
        foreach (var assumed in import.Missing.IsEmpty ? import.Assumed : [])
            field.Problems.Warn(Place.Of(file), "", $"assumed: {assumed}");
        if (!import.LeftOut.IsEmpty)
            field.Problems.Note(Place.Of(file), "", $"left out of the charter: {string.Join(", ", import.LeftOut)}");
        return import.Missing.IsEmpty ? import.Charter : null;
    }

    private static ImmutableArray<ExperimentCharter> Sample(FieldReader field)
    {
        if (field.Section("{count: 20, from: parts.yaml, seed: 1}") is not { } s)
            return [];
        var count = s.Need("count", "the number of charters");
        var wanted = (int)(count?.Whole(1, 1, Most) ?? 1);
        var from = s.Find("from", "a file of lists of parts, relative to this one; by default the lists of config/populations/parts.yaml");
        var seed = s.Seed("seed", Defaults.Seed, "of the draw; a longer sample begins with the shorter one");
        s.Close();
        if (field.Asked is not null)
        {
            from!.Text();
            return [];
        }

        var file = from is null ? null : TextFile.Referred(from, "the parts");
        if ((from is not null && file is null) || CharterParts.Read(file, s.Problems) is not { } parts)
            return [];
        if (parts.Names.Length < wanted)
        {
            count?.Fail(
                $"found {wanted} charters, expected at most {parts.Names.Length}, the number of names in {file ?? CharterParts.BuiltIn}"
            );
            return [];
        }

        return
        [
            .. CharterSample
                .Of(parts, wanted, new Seed((ulong)seed))
                .Select(c => new ExperimentCharter($"charter {c.Name} of {file ?? CharterParts.BuiltIn}", c)),
        ];
    }

    // The name is what a charter is called in tables and files.
    private static bool AreDistinct(FieldReader field, ImmutableArray<ExperimentCharter> members)
    {
        foreach (var same in members.GroupBy(m => m.Charter.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            field.Fail(
                $"{string.Join(" and ", same.Select(m => m.Source))} have the name '{same.Key}', expected another name for each charter"
            );
        return members.DistinctBy(m => m.Charter.Name).Count() == members.Length;
    }

    private static bool IsYaml(string file) => Path.GetExtension(file) is ".yaml" or ".yml";

    private static bool IsJson(string file) => Path.GetExtension(file) is ".json";
}
