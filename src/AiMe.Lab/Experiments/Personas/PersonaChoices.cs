using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>The lettered choices in the text of a question.</summary>
/// <param name="Question">The text before them.</param>
/// <param name="Texts">By letter, in order from A.</param>
internal sealed partial record PersonaChoices(string Question, ImmutableArray<string> Texts)
{
    /// <summary>The choices of a question; null if it has none, or if they are not lettered from A on without a gap.</summary>
    public static PersonaChoices? Of(string question)
    {
        var head = Head().Match(question);
        var marks = Mark().Matches(question, head.Success ? head.Index + head.Length : 0);
        if (marks.Count < 2 || marks.Where((m, i) => m.Groups["letter"].Value[0] != 'A' + i).Any())
            return null;
        var before = question[..(head.Success ? head.Index : marks[0].Index)];
        return new(
            before.Trim(),
            [
                .. marks.Select(
                    (m, i) =>
                        Spaces()
                            .Replace(
                                Tail()
                                    .Replace(
                                        question[(m.Index + m.Length)..(i + 1 < marks.Count ? marks[i + 1].Index : question.Length)],
                                        ""
                                    ),
                                " "
                            )
                            .Trim()
                ),
            ]
        );
    }

    /// <summary>The index of the choice that an answer names, such as <c> (B)</c>; null if it names no letter.</summary>
    public static int? Index(string answer) =>
        Label().Match(answer) is { Success: true } label ? label.Groups["letter"].Value[0] - 'A' : null;

    [GeneratedRegex(@"\s*\b(?:Choices|Options|Answer choices)\s*:\s*(?=\n|\(A\))", RegexOptions.IgnoreCase)]
    private static partial Regex Head();

    [GeneratedRegex(@"(?:^|\n|(?<=\s))\s*\((?<letter>[A-Z])\)")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\s*\n\s*(?:Answer|Assistant)\s*:?\s*\(?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Tail();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^\s*\(?(?<letter>[A-Z])\)\s*$")]
    private static partial Regex Label();
}
