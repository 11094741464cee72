using System.CommandLine;

namespace AiMe.Console.Help;

/// <summary>Formats the names of commands and options.</summary>
internal static class OptionNames
{
    /// <summary>The name of a command, without the program's name.</summary>
    public static string Of(Command command) => string.Join(' ', Path(command));

    /// <summary>A command and its arguments, such as <c>aime show &lt;instance&gt;</c>.</summary>
    public static string Usage(Command command) =>
        string.Join(
            ' ',
            ["aime", .. Path(command), .. command.Arguments.Select(a => a.Arity.MinimumNumberOfValues == 0 ? $"[{a.Name}]" : $"<{a.Name}>")]
        );

    /// <summary>An option with its value, such as <c>--store &lt;directory&gt;</c>.</summary>
    public static string Of(Option option) =>
        option.ValueType == typeof(bool) || option.ValueType == typeof(void)
            ? option.Name
            : $"{option.Name} <{option.HelpName ?? "value"}>";

    private static string[] Path(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().SelectMany(Path), command.Name];
}
