using System.Text.Json;
using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using Spectre.Console;

namespace AiMe.Console.Repl;

/// <summary>The reply to a line: a page, and the members of a JSON object.</summary>
/// <param name="Is"><c>turn</c> or <c>command</c>.</param>
/// <param name="Page">Writes the page.</param>
/// <param name="Members">Writes the members after the common ones.</param>
/// <param name="Error">The reason of a failure, in one line; or null.</param>
internal sealed record TalkReply(string Is, Action<IAnsiConsole> Page, Action<Utf8JsonWriter> Members, string? Error = null)
{
    /// <summary>The reply to a command.</summary>
    public static TalkReply Of(Action<IAnsiConsole> page, Action<Utf8JsonWriter> members) => new("command", page, members);

    /// <summary>A reply of one sentence.</summary>
    public static TalkReply Saying(string text) => Of(console => TalkText.Write(console, text), json => json.WriteString("text", text));

    /// <summary>A failure.</summary>
    public static TalkReply Failing(string what, string why) => new(what, _ => { }, _ => { }, why);
}

/// <summary>Text helpers of the conversation's pages.</summary>
internal static class TalkText
{
    /// <summary>Writes a line, wrapped on a terminal and whole in a file.</summary>
    public static void Write(IAnsiConsole console, string text, Style? style = null)
    {
        if (System.Console.IsOutputRedirected)
            console.Profile.Out.Writer.WriteLine(text);
        else
            console.Write(new Text(text + Environment.NewLine, style));
    }

    /// <summary>Writes a dim line.</summary>
    public static void Dim(IAnsiConsole console, string text) => Write(console, text, new Style(decoration: Decoration.Dim));

    /// <summary>Formats a figure, or a hyphen if it is undefined.</summary>
    public static string Figure(double value, string format = "0.00") =>
        double.IsNaN(value) ? "-" : value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Such as <c>1 exchange</c> or <c>3 exchanges</c>.</summary>
    public static string Count(long n, string one) => Lines.Count(n, one);

    /// <summary>Such as <c>kept</c>.</summary>
    public static string Word(Verdict verdict) =>
        verdict switch
        {
            Verdict.Keep => "kept",
            Verdict.Reject => "rejected",
            Verdict.Hold => "held",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Such as <c>rolled back</c>.</summary>
    public static string Word(RoundOutcome outcome) =>
        outcome switch
        {
            RoundOutcome.Born => "generation 0",
            RoundOutcome.Promoted => "promoted",
            RoundOutcome.RolledBack => "rolled back",
            RoundOutcome.Failed => "failed",
            RoundOutcome.Untrained => "not trained",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
