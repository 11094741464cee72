using System.CommandLine;
using System.CommandLine.Help;
using AiMe.Console.Commands;
using AiMe.Console.Commands.Models;
using AiMe.Console.Help;

namespace AiMe.Console;

/// <summary>The commands of <c>aime</c>.</summary>
internal static class CommandLine
{
    /// <summary>All of them. The help groups them by <see cref="CommandPages"/>.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("AiMe: what becomes of a language-model agent that keeps being trained on what it itself said?")
        {
            InitCommand.Create(),
            RunCommand.Create(),
            ValidateCommand.Create(),
            StatusCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            ReplayCommand.Create(),
            VerifyCommand.Create(),
            ConsoleCommand.Create(),
            InjectCommand.Create(),
            ImportCommand.Create(),
            ForkCommand.Create(),
            RecurateCommand.Create(),
            CompareCommand.Create(),
            DiffCommand.Create(),
            ExportCommand.Create(),
            ModelsCommand.Create(),
            SimulateCommand.Create(),
            DoctorCommand.Create(),
            SchemaCommand.Create(),
            CompletionCommand.Create(),
        };
        SharedOptions.AddBlobs(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Aliases.Remove("/h"); // a path could begin so
            help.Aliases.Remove("/?");
        }

        foreach (var argument in Below(root).SelectMany(c => c.Arguments).Where(a => a.CompletionSources.Count > 0))
            argument.HelpName ??= argument.Name; // else the help would list whatever completes it now
        HelpScreen.Install(root);
        return root;
    }

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(c => Below(c).Prepend(c));
}
