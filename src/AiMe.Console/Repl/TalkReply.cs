using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using Spectre.Console;

namespace AiMe.Console.Repl;

/// <summary>The reply to a line.</summary>
/// <param name="Page">Writes the page.</param>
/// <param name="Document">
/// The same as JSON, given the instance that receives input now, and the input or the name of the command.
/// </param>
/// <param name="Error">The reason of a failure, in one line; or null.</param>
internal sealed record TalkReply(Action<IAnsiConsole> Page, Func<string, string, OutputDocument> Document, string? Error = null)
{
    /// <summary>The reply to a command.</summary>
    public static TalkReply Of<T>(Action<IAnsiConsole> page, T reply) =>
        new(page, (instance, command) => new CommandOutput<T>(command, instance, reply));

    /// <summary>A reply of one sentence.</summary>
    public static TalkReply Saying(string text) => Of(console => TalkText.Write(console, text), new TextReply(text));

    /// <summary>An input without an answer.</summary>
    public static TalkReply FailingTurn(string why) => new(_ => { }, (instance, input) => new FailedTurnOutput(instance, input, why), why);

    /// <summary>A command that failed.</summary>
    public static TalkReply FailingCommand(string why) =>
        new(_ => { }, (instance, command) => new FailedCommandOutput(command, instance, why), why);
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
