using System.Text;

namespace AiMe.Models.OpenAi;

/// <summary>Takes a model's reasoning and its answer apart.</summary>
/// <remarks>
/// Marks count at the beginning of the text alone: an answer may speak of them. A pure function of the text so far, so
/// that a stream and a whole text give the same answer.
/// </remarks>
internal static class ReasoningText
{
    private static readonly (string Open, string Close)[] Marks =
    [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<thought>", "</thought>"),
        ("<thoughts>", "</thoughts>"),
        ("<reasoning>", "</reasoning>"),
        ("<reason>", "</reason>"),
        ("[THINK]", "[/THINK]"),
        ("<seed:think>", "</seed:think>"),
        ("◁think▷", "◁/think▷"),
        ("<|begin_of_thought|>", "<|end_of_thought|>"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
    ];

    /// <summary>Takes a text apart.</summary>
    /// <param name="ended">False for the beginning of a text whose rest has not come yet.</param>
    /// <param name="cut">Whether it ended because its limit was reached.</param>
    public static ReasonedText Split(string text, ReasoningMarks marks, ReasoningHabit habit, bool ended, bool cut) =>
        marks switch
        {
            ReasoningMarks.Unmarked => new("", text),
            ReasoningMarks.Custom { Open: "" } custom => UpTo(text, [("", custom.Close)], ReasoningHabit.Prefilled, ended, cut),
            ReasoningMarks.Custom custom => Marked(text, [(custom.Open, custom.Close)], ReasoningHabit.Plain, ended, cut),
            _ when HarmonyText.IsBeginning(text) is { } harmony && (harmony || !ended) => harmony
                ? HarmonyText.Split(text, ended)
                : new("", ""),
            _ => Marked(text, Marks, habit, ended, cut),
        };

    private static ReasonedText Marked(string text, (string Open, string Close)[] marks, ReasoningHabit habit, bool ended, bool cut)
    {
        StringBuilder reasoning = new();
        var at = 0;
        while (true)
        {
            var rest = text.AsSpan(at).TrimStart();
            if (!ended && (rest.IsEmpty || MayBecomeMark(rest, marks)))
                return new(reasoning.ToString().Trim(), "", Open: rest.Length > 0);
            if (OpenedBy(rest, marks) is not { } mark)
                break;
            var begins = text.Length - rest.Length + mark.Open.Length;
            var ends = text.IndexOf(mark.Close, begins, StringComparison.OrdinalIgnoreCase);
            reasoning.Append(text.AsSpan(begins, (ends < 0 ? text.Length : ends) - begins)).Append('\n');
            if (ends < 0)
                return new(reasoning.ToString().Trim(), "", Open: true);
            at = ends + mark.Close.Length;
        }

        return at > 0
            ? new(reasoning.ToString().Trim(), text[at..].TrimStart())
            : UpTo(text, [.. marks, ("", HarmonyText.Final)], habit, ended, cut);
    }

    // The text up to a closing mark without an opening one is reasoning.
    private static ReasonedText UpTo(string text, (string Open, string Close)[] marks, ReasoningHabit habit, bool ended, bool cut)
    {
        if (habit != ReasoningHabit.Plain || ended)
        {
            foreach (var (open, close) in marks)
            {
                var opens = open.Length > 0 ? text.IndexOf(open, StringComparison.OrdinalIgnoreCase) : -1;
                for (
                    var at = text.IndexOf(close, StringComparison.OrdinalIgnoreCase);
                    at >= 0 && (opens < 0 || at < opens);
                    at = text.IndexOf(close, at + 1, StringComparison.OrdinalIgnoreCase)
                )
                {
                    if (!ended && at + close.Length == text.Length)
                        return new("", ""); // what follows decides
                    if (!IsMentioned(text, at, at + close.Length))
                        return new(text[..at].Trim(), text[(at + close.Length)..].TrimStart(), Prefilled: true);
                }
            }
        }

        if (!ended)
            return new("", habit == ReasoningHabit.Plain ? text : "");
        return habit == ReasoningHabit.Prefilled && cut ? new(text.Trim(), "", Open: true) : new("", text);
    }

    // A mark that an answer speaks of stands in quotes, or between words of one line.
    private static bool IsMentioned(string text, int from, int to)
    {
        var (before, after) = (from > 0 ? text[from - 1] : '\n', to < text.Length ? text[to] : '\n');
        return IsQuote(before) && IsQuote(after) || before is ' ' or '\t' && after is ' ' or '\t' or '.' or ',' or ';' or ':' or '?' or ')';
    }

    private static bool IsQuote(char c) => c is '`' or '"' or '\'' or '\u201c' or '\u201d' or '\u2018' or '\u2019' or '\u00ab' or '\u00bb';

    private static (string Open, string Close)? OpenedBy(ReadOnlySpan<char> rest, (string Open, string Close)[] marks)
    {
        foreach (var mark in marks)
        {
            if (rest.StartsWith(mark.Open, StringComparison.OrdinalIgnoreCase))
                return mark;
        }

        return null;
    }

    private static bool MayBecomeMark(ReadOnlySpan<char> rest, (string Open, string Close)[] marks)
    {
        foreach (var (open, _) in marks)
        {
            if (rest.Length < open.Length && open.AsSpan(0, rest.Length).Equals(rest, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
