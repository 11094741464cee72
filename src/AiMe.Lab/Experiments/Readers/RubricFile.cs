using System.Collections.Immutable;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads a rubric.</summary>
internal static class RubricFile
{
    private const int MostPoints = 100,
        LongestName = 40;

    /// <summary>The rubric in a file; null if there is none.</summary>
    public static Rubric? Read(string path, Problems problems) =>
        TextFile.ReadMapping(path, "a rubric", problems) is { } root ? Read(new Section("", root, problems)) : null;

    /// <summary>The rubric in a mapping.</summary>
    public static Rubric Read(Section s)
    {
        var name = s.Need("name", "a name", "lower-case letters, digits and hyphens; it names the judge in tables");
        name?.Asked?.Form(ExperimentFile.NamePattern, LongestName);
        var called = name is null || name.Asked is not null ? "" : name.Text("a name");
        if (called.Length > LongestName || called.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            name!.Fail($"found '{called}', expected at most {LongestName} lower-case letters, digits and hyphens");
        var question = s.Text("question", "the question that the score answers");
        var criteria = s.Need("criteria", "a list of texts", "what the judge looks at")?.Items("a list of at least one text") ?? [];
        ImmutableArray<string> looked = [.. criteria.Select(c => c.Text("what the judge looks at"))];
        var shows = s.Find("shows", "what the judge sees beside stimulus and answer; nothing by default");
        var shown = (shows?.Items("a list of charter, reflection or both", atLeast: 0, distinct: true) ?? [])
            .Select(i => i.Word(Keywords.Shown, ""))
            .ToHashSet(StringComparer.Ordinal);
        var scale = Scale(s.Need("scale", "a list of {score, label, means}", "the scale: each point with its anchor"));
        var examples = Examples(s.Find("examples", "rated answers that show how the rubric is meant"), scale);
        s.Close();
        return new Rubric(called, question, looked, scale, examples, shown.Contains("charter"), shown.Contains("reflection"));
    }

    private static ImmutableArray<RubricPoint> Scale(FieldReader? field)
    {
        List<RubricPoint> points = [];
        foreach (var item in field?.Items("a list of 2 to 100 points {score, label, means}", atLeast: 2, atMost: MostPoints) ?? [])
        {
            if (item.Section("{score, label, means}") is not { } s)
                continue;
            var score = (int)(s.Need("score", "a whole number", "the score, from the lowest to the highest")?.Whole(0, -1000, 1000) ?? 0);
            RubricPoint point = new(score, s.Text("label", "one word or a short phrase"), s.Text("means", "what such an answer is like"));
            s.Close();
            if (points.Count > 0 && points[^1].Score >= score && item.Asked is null)
                item.Fail($"found the score {score} after {points[^1].Score}, expected the points from the lowest score to the highest");
            if (points.Exists(p => string.Equals(p.Label, point.Label, StringComparison.OrdinalIgnoreCase)))
                item.Fail($"found the label '{point.Label}' twice, expected one for each score");
            points.Add(point);
        }

        return [.. points];
    }

    private static ImmutableArray<RubricExample> Examples(FieldReader? field, ImmutableArray<RubricPoint> scale)
    {
        var examples = ImmutableArray.CreateBuilder<RubricExample>();
        foreach (var item in field?.Items("a list of {stimulus, answer, score, why}", atLeast: 0) ?? [])
        {
            if (item.Section("{stimulus, answer, score, why}") is not { } s)
                continue;
            var stimulus = s.Text("stimulus", "a stimulus");
            var answer = s.Text("answer", "an answer to it");
            var given = s.Need("score", "a score of the scale");
            var score = (int)(given?.Whole(0, -1000, 1000) ?? 0);
            var why = s.Text("why", "the reason for this score, in one sentence");
            s.Close();
            if (item.Asked is null && given is not null && !scale.IsEmpty && scale.All(p => p.Score != score))
                given.Fail($"found {score}, expected a score of the scale: {string.Join(", ", scale.Select(p => p.Score))}");
            examples.Add(new RubricExample(stimulus, answer, score, why));
        }

        return examples.ToImmutable();
    }
}
