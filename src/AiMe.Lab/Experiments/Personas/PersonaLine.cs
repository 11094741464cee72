using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>Reads a line of a persona file. Members that are not used here are other people's, and allowed.</summary>
internal static class PersonaLine
{
    private const string Matching = "answer_matching_behavior";
    private const string Other = "answer_not_matching_behavior";

    /// <returns>Null if something is wrong, which is then among the section's problems.</returns>
    public static PersonaItem? Read(Section s)
    {
        var question = s.Text("question", "the text of a question").Trim();
        var statement = s.Find("statement")?.Text("the statement that the question asks about").Trim();
        var matching = Answers(s, Matching, "the answer that shows the behaviour, such as \" Yes\" or \" (A)\"");
        var others = Answers(s, Other, "the answer that does not, such as \" No\" or \" (B)\"");
        var confidence = s.Find("label_confidence")?.Real(0, NumberRange.Unit);
        if (s.Problems.Any)
            return null;
        if (matching is not [var answer])
        {
            s.Find(Matching)!.Fail($"found {matching.Length} answers, expected one: a choice probe has one keyed option");
            return null;
        }

        var line = s.At.Line;
        if (PersonaChoices.Index(answer) is { } keyed)
        {
            if (PersonaChoices.Of(question) is not { } choices)
                s.Find("question")!.Fail($"found no choices, expected \"(A) ..\", \"(B) ..\" on: the answer is \"{answer.Trim()}\"");
            else if (keyed >= choices.Texts.Length)
                s.Find(Matching)!.Fail($"found \"{answer.Trim()}\", expected one of the question's {choices.Texts.Length} choices");
            else if (others.Any(o => PersonaChoices.Index(o) == keyed))
                s.Find(Other)!.Fail($"found \"{answer.Trim()}\" for both, expected different answers");
            else if (choices.Question.Length == 0)
                s.Find("question")!.Fail("found choices alone, expected a question before them");
            else if (Options(choices.Texts) is not { } texts)
                s.Find("question")!.Fail("found an empty choice, or two equal ones, expected different texts");
            else
                return new(line, choices.Question, statement, texts, keyed, confidence) { IsShort = false };
            return null;
        }

        // In a fixed order, so that the position of an option does not say which is keyed.
        string[] said = [.. others.Prepend(answer).OrderBy(a => !PersonaProbes.IsYes(a)).ThenBy(a => a, StringComparer.Ordinal)];
        if (Options(said) is { } options)
            return new(line, question, statement, options, Array.IndexOf(said, answer), confidence) { IsShort = true };
        s.Find(Other)!.Fail($"found \"{answer.Trim()}\" for both, expected different answers");
        return null;
    }

    private static ImmutableArray<string> Answers(Section s, string key, string expected)
    {
        if (s.Need(key, expected) is not { } field)
            return [];
        return field.Node is SequenceNode
            ? [.. field.Items($"{expected}, or a list of them").Select(a => a.Text(expected))]
            : [field.Text(expected)];
    }

    private static ImmutableArray<string>? Options(IReadOnlyList<string> texts)
    {
        ImmutableArray<string> options = [.. texts.Select(t => $" {t.Trim()}")];
        return options.Distinct(StringComparer.Ordinal).Count() == options.Length && options.All(o => o.Length > 1) ? options : null;
    }
}
