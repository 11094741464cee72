using System.Collections.Immutable;
using System.Text;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Imports;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>A persona file as a charter.</summary>
/// <param name="Yaml">The charter; null if the file has no persona.</param>
/// <param name="Problems">Errors, with file and line.</param>
/// <param name="LeftOut">
/// Members of the file that the charter does not take, by their path; then, of those that it takes, what has no room in it.
/// </param>
/// <param name="Assumed">What the charter needs and the file does not have, one sentence each.</param>
public sealed record PersonaImport(
    string? Yaml,
    ImmutableArray<Problem> Problems,
    ImmutableArray<string> LeftOut,
    ImmutableArray<string> Assumed
)
{
    /// <summary>The same as a charter; null if the file has no persona.</summary>
    public Charter? Charter { get; init; }

    /// <summary>
    /// Members without which the persona is nobody in particular, by their path, with what is expected there. <see cref="Assumed"/> names
    /// what stands in their place.
    /// </summary>
    public ImmutableArray<(string Member, string Expected)> Missing { get; init; } = [];

    /// <summary>
    /// Reads a persona in JSON: TinyTroupe's agent files, in their newer and older form, and flat objects with such members.
    /// </summary>
    /// <remarks>Only a file that is not one JSON object is an error. Unknown members are left out, missing ones are assumed.</remarks>
    public static PersonaImport Read(string path)
    {
        Problems problems = new();
        if (TextFile.Read(path, problems) is not { } text)
            return new(null, problems.All, [], []);
        var values = JsonNodes.Read(new Place(path, 1, 1), Encoding.UTF8.GetBytes(text), problems);
        if (values is not [MappingNode root])
        {
            if (values is { } other)
                problems.Fail(
                    other.IsEmpty ? Place.Of(path) : other[0].At,
                    "",
                    $"found {(other is [var one] ? one.Found : $"{other.Length} JSON values")}, expected one JSON object with a persona, "
                        + "such as {\"persona\": {\"name\": \"Lila\", \"occupation\": {\"title\": \"Linguist\"}}}"
                );
            return new(null, problems.All, [], []);
        }

        var members = PersonaMembers.Of(root);
        var charter = PersonaCharter.Of(members, Path.GetFileName(path).Split('.')[0]);
        return new(charter.Yaml(Path.GetFileName(path)), [], [.. members.LeftOut(), .. charter.LeftOut], charter.Assumed)
        {
            Charter = charter.ToCharter(),
            Missing = charter.Missing,
        };
    }
}
