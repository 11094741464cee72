using System.CommandLine;

namespace AiMe.Console.Help;

/// <summary>What commands and their symbols are called.</summary>
internal static class OptionNames
{
    /// <summary>A command as one types it, without the program's name.</summary>
    public static string Of(Command command) => string.Join(' ', Path(command));

    /// <summary>A command and its arguments, such as <c>aime show &lt;instance&gt;</c>.</summary>
    public static string Usage(Command command) =>
        string.Join(
            ' ',
            ["aime", .. Path(command), .. command.Arguments.Select(a => a.Arity.MinimumNumberOfValues == 0 ? $"[{a.Name}]" : $"<{a.Name}>")]
        );

    /// <summary>An option and what it takes, such as <c>--store &lt;directory&gt;</c>.</summary>
    public static string Of(Option option) =>
        option.ValueType == typeof(bool) || option.ValueType == typeof(void)
            ? option.Name
            : $"{option.Name} <{option.HelpName ?? "value"}>";

    private static string[] Path(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().SelectMany(Path), command.Name];
}
