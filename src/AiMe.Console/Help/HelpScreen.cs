using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Lab.Analysis;

namespace AiMe.Console.Help;

/// <summary>
/// <c>--help</c>: the symbols of a command, then examples and exit codes; without a command, all commands by group.
/// </summary>
internal sealed class HelpScreen(HelpAction symbols) : SynchronousCommandLineAction
{
    /// <summary>Replaces the help of a command line.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new HelpScreen((HelpAction)option.Action!);
    }

    /// <inheritdoc />
    public override bool ClearsParseErrors => true; // --help works on a command line with errors

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        var (command, output) = (parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        if (command is RootCommand root)
        {
            Write(root, output);
            return ExitCode.Done;
        }

        symbols.MaxWidth = Width;
        symbols.Invoke(parseResult);
        if (CommandPages.Of(OptionNames.Of(command)) is not { } page)
            return ExitCode.Done;
        if (!page.Inside.IsEmpty)
            WriteInside(page, output);
        output.WriteLine("Examples:");
        foreach (var (what, arguments) in page.Examples)
            output.WriteLine($"  # {what}\n  aime {arguments}");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in page.Exits.Prepend((ExitCode.Done, "done")))
            output.WriteLine($"  {code, -3}  {meaning}");
        output.WriteLine();
        return ExitCode.Done;
    }

    private static void WriteInside(CommandPage page, TextWriter output)
    {
        output.WriteLine("Input:");
        var width = page.Inside.Max(i => i.Usage.Length) + 2;
        foreach (var (usage, help) in page.Inside)
            output.WriteLine(
                $"  {usage.PadRight(width)}{string.Join($"\n{new string(' ', width + 2)}", WrappedText.Lines(help, Width - width - 2))}"
            );
        output.WriteLine();
    }

    private static int Width => Math.Max(60, TerminalWriter.Output.Profile.Width);

    private static void Write(RootCommand root, TextWriter output)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage:\n  aime <command> [options]");
        var visible = root.Subcommands.Where(c => !c.Hidden).ToList();
        var width = visible.Max(c => c.Name.Length) + 2;
        var room = Width - width - 2;
        foreach (var group in CommandPages.Groups.Append("Other"))
        {
            var own = visible.Where(c => CommandPages.GroupOf(c) == group).OrderBy(CommandPages.Order).ToList();
            if (own.Count == 0)
                continue;
            output.WriteLine($"\n{group}:");
            foreach (var command in own)
                output.WriteLine(
                    "  "
                        + command.Name.PadRight(width)
                        + string.Join($"\n{new string(' ', width + 2)}", WrappedText.Lines(command.Description ?? "", room))
                );
        }

        output.WriteLine("\n`aime <command> --help` shows options and examples, `aime --version` the version.");
        output.WriteLine("Results go to standard output, progress and problems to standard error.");
    }
}
