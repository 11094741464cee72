using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using AiMe.Console.Commands;

namespace AiMe.Console.Help;

/// <summary>Generates docs/CONSOLE.md from the command definitions.</summary>
public static class ConsoleReference
{
    /// <summary>Returns the whole page.</summary>
    public static string Markdown()
    {
        var root = CommandLine.Root();
        var text = new StringBuilder();
        text.Append(
            "# The console\n\n<!-- Generated from the command definitions; do not edit. A test fails if it is outdated, and "
                + "says how to generate it. -->\n\n"
        );
        text.Append(
            $"{root.Description}.\n\n`aime <command> [options]`. Results go to standard output, progress and problems to "
                + "standard error. `aime <command> --help` prints the same information.\n"
        );
        var commands = root.Subcommands.Where(c => !c.Hidden).SelectMany(WithSubcommands).Where(c => c.Action is not null).ToList();
        foreach (var group in CommandPages.Groups.Append("Other"))
        {
            var own = commands
                .Where(c => (CommandPages.Of(OptionNames.Of(c))?.Group ?? "Other") == group)
                .OrderBy(c => CommandPages.Order(OptionNames.Of(c)))
                .ToList();
            if (own.Count == 0)
                continue;
            text.Append($"\n## {group}\n");
            foreach (var command in own)
                Write(text, command);
        }

        return text.ToString();
    }

    private static IEnumerable<Command> WithSubcommands(Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(WithSubcommands).Prepend(command);

    private static void Write(StringBuilder text, Command command)
    {
        text.Append(
            $"\n### aime {OptionNames.Of(command)}\n\n{command.Description}.\n\n```text\n{OptionNames.Usage(command)} [options]\n```\n\n"
        );
        text.Append("| argument or option | meaning | default |\n|---|---|---|\n");
        foreach (var argument in command.Arguments.Where(a => !a.Hidden))
            text.Append($"| `{argument.Name.Replace("|", "\\|", StringComparison.Ordinal)}` | {Cell(argument.Description)} | |\n");
        foreach (var option in command.Options.Where(o => !o.Hidden && o is not HelpOption))
            text.Append(
                $"| `{OptionNames.Of(option).Replace("|", "\\|", StringComparison.Ordinal)}` | {Cell(option.Description)} "
                    + $"| {Default(option)} |\n"
            );
        if (CommandPages.Of(OptionNames.Of(command)) is not { } page)
            return;
        if (!page.Inside.IsEmpty)
            text.Append("\n| input | effect |\n|---|---|\n");
        foreach (var (usage, help) in page.Inside)
            text.Append($"| `{usage}` | {Cell(help)} |\n");
        text.Append("\n| exit code | meaning |\n|---|---|\n");
        foreach (var (code, meaning) in page.Exits.Prepend((ExitCode.Done, "done")))
            text.Append($"| {code} | {Cell(meaning)} |\n");
        text.Append("\n```text\n");
        foreach (var (what, arguments) in page.Examples)
            text.Append($"# {what}\naime {arguments}\n");
        text.Append("```\n");
    }

    // Defaults that depend on the environment are explained by the description.
    private static string Default(Option option) =>
        option.Name is "--store" or "--synchronous" || !option.HasDefaultValue || option.ValueType == typeof(bool)
            ? ""
            : $"`{option.GetDefaultValue()}`";

    private static string Cell(string? text) =>
        (text ?? "").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
