using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>
/// Reads ratings of people: JSON Lines <c>{"id": "aligned-1/e12", "value": 4, "rater": "a name"}</c>. The id is the instance, a slash,
/// and the experience as exports and recall name it.
/// </summary>
public static class PersonRatingFile
{
    private const string Form = "a JSON object {\"id\": \"instance/e12\", \"value\": 4, \"rater\": \"a name\"}";

    private static readonly NumberRange Values = new(-1e9, 1e9);

    /// <summary>The ratings in some files, and all problems with line and column.</summary>
    /// <returns>Empty ratings if there is a problem.</returns>
    public static (ImmutableArray<PersonRating> Ratings, ImmutableArray<Problem> Problems) Read(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Problems problems = new();
        var ratings = ImmutableArray.CreateBuilder<PersonRating>();
        Dictionary<(string, MemoryId, string), string> seen = [];
        foreach (var path in paths)
        {
            var before = ratings.Count;
            var lines = (TextFile.Read(path, problems) ?? "").Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (string.IsNullOrWhiteSpace(lines[i]) || JsonLine.Read(path, i + 1, lines[i], problems) is not { } node)
                    continue;
                if (Rating(new FieldReader("", node, problems)) is not { } rating)
                    continue;
                if (!seen.TryAdd((rating.Instance, rating.Experience, rating.Rater), rating.Place))
                    problems.Fail(
                        node.At,
                        "id",
                        $"{rating.Rater} rates {rating.Instance}/{rating.Experience} twice, expected once; the first is at "
                            + seen[(rating.Instance, rating.Experience, rating.Rater)]
                    );
                ratings.Add(rating);
            }

            if (ratings.Count == before && !problems.Any)
                problems.Fail(Place.Of(path), "", $"found no ratings, expected one a line: {Form}");
        }

        return (problems.Any ? [] : ratings.ToImmutable(), problems.All);
    }

    private static PersonRating? Rating(FieldReader line)
    {
        if (line.Section(Form) is not { } s)
            return null;
        var named = s.Need("id", "an experience, such as aligned-1/e12");
        var id = named?.Text("an experience, such as aligned-1/e12") ?? "";
        var value = s.Need("value", "a number")?.Real(double.NaN, Values) ?? double.NaN;
        var rater = s.Text("rater", "the name that the rater chose");
        s.Find("note", "a remark")?.Text();
        s.Close();
        var at = id.LastIndexOf('/');
        MemoryId experience = new(at < 0 ? "" : id[(at + 1)..]);
        if (id.Length > 0 && (at <= 0 || !experience.IsOfCycleUpTo(int.MaxValue)))
            named!.Fail($"found '{id}', expected an instance, a slash and an experience, such as aligned-1/e12");
        return at <= 0 || double.IsNaN(value) || rater.Length == 0 ? null : new(id[..at], experience, value, rater, s.At.ToString());
    }
}
