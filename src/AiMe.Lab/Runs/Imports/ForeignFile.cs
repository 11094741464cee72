using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Says what a file or a record looks like that holds no exchanges in a form that is read.</summary>
internal static partial class ForeignFile
{
    private const int MostNames = 8;

    /// <summary>Members by which a kind of object is recognised; all must be there.</summary>
    private static readonly ImmutableArray<(string[] Members, string What)> Objects =
    [
        (["eval", "version", "status"], "a log of Inspect AI"),
        (["eval", "plan"], "a log of Inspect AI"),
        (["persona", "type"], "a persona of TinyTroupe"),
        (["question", "answer_matching_behavior"], "questions of model-written evals, of which `aime probes import` makes probes"),
        (["statement", "answer_matching_behavior"], "statements of model-written evals, of which `aime probes import` makes probes"),
        (["chat_messages"], "an export of Claude's conversations"),
        (["custom_id", "response"], "answers of OpenAI's Batch API"),
        (["custom_id", "body"], "requests of OpenAI's Batch API, which have no answers"),
        (["contents"], "tuning data of Gemini (contents, parts)"),
        (["choices", "model"], "a reply of a chat API"),
        (["format", "version", "run", "rows"], "the head of an instance file whose first line was changed"),
        (["input", "ideal"], "samples of OpenAI's evals, which are questions with a key"),
        (["input", "target"], "samples of an evaluation (input, target), which are questions with a key"),
        (["input_ids"], "tokens of a training set"),
        (["id", "text"], "stimuli without answers; `aime inject INSTANCE --file` sends them"),
        (["text"], "plain training texts, which have no stimulus and no answer"),
        (["name", "traits"], "a charter"),
        (["name", "variants"], "an experiment; `aime run` runs it"),
        (["cells", "nbformat"], "a Jupyter notebook"),
        (["$schema"], "a JSON Schema"),
    ];

    /// <summary>What an object is known to be, or null.</summary>
    public static string? Recognize(MappingNode node)
    {
        foreach (var (members, what) in Objects)
        {
            if (Array.TrueForAll(members, node.Has))
                return what;
        }

        return null;
    }

    /// <summary>What an object looks like.</summary>
    public static string Describe(MappingNode node) =>
        Recognize(node)
        ?? (node.Entries.IsEmpty ? "an empty JSON object" : $"JSON objects with the members {Names(node.Entries.Select(e => e.Key))}");

    /// <summary>What a text looks like that is neither JSON nor a table with known columns.</summary>
    /// <param name="path">Its name, for the extension.</param>
    public static string Describe(string path, string text)
    {
        var first = text.AsSpan().TrimStart();
        if (first.StartsWith("<"))
            return "HTML or XML";
        if (Has(text, "variants") && (Has(text, "charter") || Has(text, "train") || Has(text, "stimuli")))
            return "an experiment in YAML; `aime run` runs it";
        if (Has(text, "traits") || Has(text, "stem"))
            return "a charter in YAML";
        if (Has(text, "choices") || Has(text, "open"))
            return "probes in YAML";
        if (Path.GetExtension(path) is not (".md" or ".txt") && YamlStart().IsMatch(text))
            return "YAML";
        return "plain text";
    }

    /// <summary>The first names of a list, on one line.</summary>
    public static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(ImportRecord.Shown)];
        return all.Length <= MostNames
            ? string.Join(", ", all)
            : $"{string.Join(", ", all.Take(MostNames))} and {all.Length - MostNames} more";
    }

    private static bool Has(string text, string key) =>
        text.StartsWith($"{key}:", StringComparison.Ordinal) || text.Contains($"\n{key}:", StringComparison.Ordinal);

    [GeneratedRegex(@"\A(?:\s*(?:#[^\n]*)?\n|---[^\n]*\n)*[A-Za-z][\w.-]*:(?:[ \t][^\n]*)?\r?(?:\n|\z)")]
    private static partial Regex YamlStart();
}
