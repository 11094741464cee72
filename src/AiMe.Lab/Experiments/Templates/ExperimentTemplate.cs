using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Experiments.Templates;

/// <summary>A text file of a template.</summary>
/// <param name="Path">Relative to the template's folder, with '/'.</param>
public sealed record TemplateFile(string Path, string Text);

/// <summary>
/// Makes a new experiment from a shipped one, with all referenced files in one folder, so that the folder is
/// self-contained.
/// </summary>
public static partial class ExperimentTemplate
{
    /// <summary>
    /// With fewer than six, no difference between variants can be significant; see <see cref="Lint"/>.
    /// </summary>
    private const string Replicates = "6";

    private const string Modeline = "# yaml-language-server: $schema=";

    /// <summary>Name of the experiment's own file.</summary>
    public const string Experiment = "experiment.yaml";

    /// <summary>Whether a name is valid for an experiment.</summary>
    public static bool IsName(string name) => Name().IsMatch(name) && name.Length <= 40;

    /// <summary>
    /// Whether a name is valid for a charter in all of the files: letters, digits, hyphens and single spaces; at most
    /// 40 characters.
    /// </summary>
    public static bool IsCharterName(string name) => CharterName().IsMatch(name) && name.Length <= 40;

    /// <summary>The files of a template.</summary>
    /// <param name="shipped">The experiment that it is made from; the files that it references are copied.</param>
    /// <param name="name">Name of the new experiment: lower-case letters, digits and hyphens.</param>
    /// <param name="charterName">The name in the charter; null for the shipped name.</param>
    /// <exception cref="InvalidDataException">A shipped file has an unexpected form.</exception>
    public static ImmutableArray<TemplateFile> Of(string shipped, string name, string? charterName)
    {
        var experiment = YamlEditor.Of(shipped);
        var charter = YamlEditor.Of(Beside(shipped, experiment.Value("charter")));
        var probes = YamlEditor.Of(Beside(shipped, experiment.Value("probes", "set")));
        var grammar = Beside(shipped, experiment.Value("model", "corpus"));
        var stimuli = File.ReadAllText(Beside(shipped, experiment.Value("stimuli", "source")));
        var old = charter.Value("name");
        string Renamed(string text) =>
            charterName is null
                ? text
                : Regex.Replace(
                    text,
                    $@"^(?!\s*#).*\b{Regex.Escape(old)}\b.*$",
                    line => Regex.Replace(line.Value, $@"\b{Regex.Escape(old)}\b", charterName),
                    RegexOptions.Multiline
                );

        experiment
            .Put(name, "name")
            .Put(Replicates, "replicates")
            .Put("charter.yaml", "charter")
            .Put("probes.yaml", "probes", "set")
            .Put("stimuli.jsonl", "stimuli", "source")
            .Put($"corpus/{Path.GetFileName(grammar)}", "model", "corpus");
        return
        [
            new(Experiment, experiment.With($"{Modeline}schema/experiment.json", Modeline)),
            new("charter.yaml", Renamed(charter.With($"{Modeline}schema/charter.json", Modeline))),
            new("probes.yaml", Renamed(probes.With($"{Modeline}schema/probes.json", Modeline))),
            new("stimuli.jsonl", Renamed(stimuli)),
            .. Corpus(grammar).Select(f => new TemplateFile($"corpus/{Path.GetFileName(f)}", Renamed(File.ReadAllText(f)))),
            .. ExperimentSchema.Names.Select(s => new TemplateFile($"schema/{s}.json", ExperimentSchema.Text(s))),
        ];
    }

    private static string Beside(string file, string path) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file) ?? "", path));

    private static IEnumerable<string> Corpus(string grammar)
    {
        var include = YamlEditor.Of(grammar).Root.Entries.FirstOrDefault(e => e.Key == "include")?.Value as SequenceNode;
        var parts = include?.Items.OfType<ScalarNode>().Select(s => Beside(grammar, s.Text)) ?? [];
        return [grammar, .. parts, .. PreparedNano.AuthoredBeside(grammar) is { } authored ? [authored] : Array.Empty<string>()];
    }

    [GeneratedRegex(ExperimentFile.NamePattern)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\p{L}[\p{L}\p{Nd}-]*( [\p{L}\p{Nd}-]+)*$")]
    private static partial Regex CharterName();
}
