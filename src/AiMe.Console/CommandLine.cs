using System.CommandLine;
using System.CommandLine.Help;
using AiMe.Console.Commands;
using AiMe.Console.Commands.Identities;
using AiMe.Console.Commands.Models;
using AiMe.Console.Commands.Probes;
using AiMe.Console.Commands.Reviews;
using AiMe.Console.Commands.Serving;
using AiMe.Console.Help;
using AiMe.Console.Otlp;

namespace AiMe.Console;

/// <summary>The commands of <c>aime</c>.</summary>
internal static class CommandLine
{
    /// <summary>Builds the root command. The help groups its subcommands by <see cref="CommandPages"/>.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("AiMe: experiments on language-model agents that are trained repeatedly on their own output")
        {
            InitCommand.Create(),
            IdentityCommand.Create(),
            RunCommand.Create().WithOtlp(),
            ValidateCommand.Create(),
            PreregisterCommand.Create(),
            StatusCommand.Create(),
            ViewCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            MemoryAuditCommand.Create(),
            ReplayCommand.Create(),
            VerifyCommand.Create(),
            ConsoleCommand.Create().WithOtlp(),
            InjectCommand.Create().WithOtlp(),
            ProbeInstanceCommand.Create(),
            ProbesCommand.Create(),
            RetryCommand.Create().WithOtlp(),
            ReviewCommand.Create(),
            ImportCommand.Create().WithOtlp(),
            ForkCommand.Create().WithOtlp(),
            RecurateCommand.Create(),
            CompareCommand.Create(),
            PowerCommand.Create(),
            ReportCommand.Create(),
            PlotCommand.Create(),
            DiffCommand.Create(),
            RecognitionCommand.Create(),
            MeaningCommand.Create(),
            ReplicateCommand.Create(),
            AgreementCommand.Create(),
            RateCommand.Create(),
            ExportCommand.Create(),
            ModelsCommand.Create(),
            ServeCommand.Create(),
            SimulateCommand.Create(),
            DeleteCommand.Create(),
            GcCommand.Create(),
            DoctorCommand.Create(),
            SchemaCommand.Create(),
            CompletionCommand.Create(),
        };
        SharedOptions.AddBlobs(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Aliases.Remove("/h"); // a path could start like this
            help.Aliases.Remove("/?");
        }

        foreach (var argument in Below(root).SelectMany(c => c.Arguments).Where(a => a.CompletionSources.Count > 0))
            argument.HelpName ??= argument.Name; // without a name, the help would list the current completions
        HelpScreen.Install(root);
        return root;
    }

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(c => Below(c).Prepend(c));
}
