using System.CommandLine;
using AiMe.Console.Commands;
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
            RunCommand.Create(),
            ValidateCommand.Create(),
            StatusCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            ReplayCommand.Create(),
            CompareCommand.Create(),
            ExportCommand.Create(),
            DoctorCommand.Create(),
        };
        HelpScreen.Install(root);
        return root;
    }
}
