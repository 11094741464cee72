using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>A file of model-written evaluations of a persona: JSON Lines of questions with the answer that shows a trait.</summary>
/// <param name="Name">Name of the file without folder and ending.</param>
/// <param name="Items">In the order of the file.</param>
/// <remarks>Form: Perez et al. (2022), "Discovering Language Model Behaviors with Model-Written Evaluations".</remarks>
public sealed record PersonaFile(string Name, ImmutableArray<PersonaItem> Items)
{
    private const string Form =
        "a persona file has one JSON object a line, with question, answer_matching_behavior, answer_not_matching_behavior and, optionally, "
        + "statement and label_confidence";

    /// <summary>Reads a file as a whole; null exactly if a problem is an error.</summary>
    public static (PersonaFile? File, ImmutableArray<Problem> Problems) Read(string path)
    {
        Problems problems = new();
        var items = ImmutableArray.CreateBuilder<PersonaItem>();
        var line = 0;
        foreach (var text in (TextFile.Read(path, problems) ?? "").ReplaceLineEndings("\n").Split('\n'))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            Problems own = new();
            if (JsonLine.Read(path, line, text, own) is { } node)
            {
                if (node is not MappingNode mapping)
                    own.Fail(node.At, "", $"found {node.Found}, expected an object: {Form}");
                else if (PersonaLine.Read(new Section("", mapping, own)) is { } item && !own.Any)
                    items.Add(item);
            }

            foreach (var problem in own.All)
                problems.Fail(problem.At, problem.Key, problem.Text);
        }

        if (!problems.Any && items.Count == 0)
            problems.Fail(Place.Of(path), "", $"found no line, expected at least one: {Form}");
        return (problems.Any ? null : new(Path.GetFileNameWithoutExtension(path), items.ToImmutable()), problems.All);
    }
}
