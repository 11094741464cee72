using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Faculties.Curation;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Experiments;

namespace AiMe.Console.Commands;

/// <summary>Parsers for the filters of <c>aime export</c>.</summary>
internal static class ExportOptions
{
    private static readonly Dictionary<string, ScoreName> Scores = Enum.GetValues<ScoreName>()
        .ToDictionary(s => s.Text(), s => s, StringComparer.Ordinal);

    /// <summary><c>2</c>, <c>2..3</c>, <c>2..</c> or <c>..3</c>.</summary>
    public static (int First, int Last)? Rounds(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        var ends = text.Split("..");
        var (first, last) = (1, int.MaxValue);
        var sound = ends.Length switch
        {
            1 => Whole(ends[0], ref first) && Whole(ends[0], ref last),
            2 => text != ".." && (ends[0].Length == 0 || Whole(ends[0], ref first)) && (ends[1].Length == 0 || Whole(ends[1], ref last)),
            _ => false,
        };
        if (sound && first <= last)
            return (first, last);
        result.AddError($"--round: found '{text}', expected a round from 1 to {PlanLimits.Rounds} or a range: 2, 2..3, 2.. or ..3");
        return null;
    }

    /// <summary><c>score=number</c>.</summary>
    public static Option<ScoreBound[]> Bound(string name, string what, bool atLeast) =>
        new(name)
        {
            Description = what,
            HelpName = "score=x",
            CustomParser = result => [.. result.Tokens.Select(t => Parse(result, name, t.Value, atLeast)).OfType<ScoreBound>()],
            Arity = ArgumentArity.OneOrMore,
        };

    private static ScoreBound? Parse(ArgumentResult result, string name, string text, bool atLeast)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var score = at < 0 ? text : text[..at];
        if (!Scores.TryGetValue(score, out var known))
            result.AddError(
                $"{name}: found '{text}', expected a score and a number such as alignment=.5; the scores are "
                    + $"{string.Join(", ", Scores.Keys)}{Nearest.Hint(score, Scores.Keys)}"
            );
        else if (
            at < 0
            || !double.TryParse(text[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)
            || limit is not (>= -1e9 and <= 1e9)
        )
            result.AddError($"{name}: found '{text}', expected a number from -1e9 to 1e9 after the equals sign, such as {score}=.5");
        else
            return new ScoreBound(known, limit, atLeast);
        return null;
    }

    private static bool Whole(string text, ref int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= PlanLimits.Rounds;
}
