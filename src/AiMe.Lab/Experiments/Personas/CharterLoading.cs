using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>A charter that was read by itself, without an experiment.</summary>
/// <param name="Charter">Null if the file has an error.</param>
/// <param name="Problems">In the order of their places.</param>
public sealed record CharterLoading(Charter? Charter, ImmutableArray<Problem> Problems)
{
    /// <summary>Reads a charter file, and reports all problems at once.</summary>
    public static CharterLoading Of(string path)
    {
        Problems problems = new();
        var charter = CharterFile.Read(path, problems);
        return new(problems.Any ? null : charter, problems.All);
    }
}
