using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads stimuli: JSON Lines with id, text and, optionally, topic, kind and check.</summary>
internal static class StimulusFile
{
    /// <param name="count">The key that sets the number of stimuli; null for all.</param>
    /// <param name="wanted">The number of stimuli, 1 or more; later lines are counted only.</param>
    /// <returns>The stimuli, and the number of those in the file.</returns>
    public static (ImmutableArray<Stimulus> Stimuli, int InFile) Read(string path, FieldReader? count, int wanted, Problems problems)
    {
        if (TextFile.Read(path, problems) is not { } text)
            return ([], 0);
        UniqueIds ids = new();
        var stimuli = ImmutableArray.CreateBuilder<Stimulus>();
        var (number, found) = (0, 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan(range);
            if (line.IsWhiteSpace() || found++ >= wanted)
                continue;
            if (JsonLine.Read(path, number, line.ToString(), problems) is { } node)
                stimuli.Add(Read(new FieldReader("", node, problems), ids));
        }

        if (found == 0)
            problems.Fail(
                Place.Of(path),
                "",
                "found no stimuli, expected one JSON object a line: {\"id\": \"s1\", \"text\": \"Who are you?\"}"
            );
        else if (found > PlanLimits.Stimuli && count is null)
            problems.Fail(
                Place.Of(path),
                "",
                $"found {found} stimuli, expected at most {PlanLimits.Stimuli}: split the file, or set stimuli.count"
            );
        else if (found < wanted && count is not null)
            count.Fail($"found {wanted}, but {path} has {found} {(found == 1 ? "stimulus" : "stimuli")}; expected at most {found}");
        return (stimuli.ToImmutable(), found);
    }

    private static Stimulus Read(FieldReader line, UniqueIds ids) =>
        line.Section("a JSON object {\"id\", \"text\", \"topic\", \"kind\", \"check\"}") is { } s ? Read(s, ids) : new("", "", "");

    /// <summary>The stimulus in a mapping.</summary>
    public static Stimulus Read(Section s, UniqueIds ids)
    {
        var id = ids.Read(s);
        var text = s.Text("text", "the text that the instance receives");
        var topic = s.Find("topic", "a word or short phrase; anchor text and records are grouped by it", Defaults.Topic)
            ?.Text("a word or short phrase")
            ?? Defaults.Topic;
        var kind = s.Find("kind", "the kind of stimulus; a problem has a check");
        var word = kind?.Word(Keywords.StimulusKinds, "");
        var check = s.Find("check", "for a problem: the text that a correct answer contains, as whole words");
        s.Rule(() => SchemaRules.When("kind", "problem", "check"));
        s.Rule(() => SchemaRules.OnlyWhere("check", "kind", "problem"));
        var answer = check?.Text("the text that a correct answer contains");
        if (word == "problem" && check is null)
            kind!.Fail("found 'problem' without a check, expected \"check\" with the text that a correct answer contains");
        if (check is not null && word is "question" or "statement")
            check.Fail($"found a check of a {word}, expected \"kind\": \"problem\"");
        s.Close();
        return new(id, text, topic, Internal: false, answer);
    }
}
