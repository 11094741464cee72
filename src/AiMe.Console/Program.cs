using System.CommandLine;
using System.CommandLine.Help;
using AiMe.Console;
using AiMe.Console.Commands;

var root = new RootCommand("AiMe: what becomes of a language-model agent that keeps being trained on what it itself said?")
{
    InitCommand.Create(),
    RunCommand.Create(),
    ListCommand.Create(),
    ShowCommand.Create(),
    ReplayCommand.Create(),
    InjectCommand.Create(),
    ImportCommand.Create(),
    CompareCommand.Create(),
    DiffCommand.Create(),
    ValidateCommand.Create(),
    DoctorCommand.Create(),
    SchemaCommand.Create(),
    CompletionCommand.Create(),
};
foreach (var help in root.Options.OfType<HelpOption>())
{
    help.Aliases.Remove("/h"); // a path could begin so
    help.Aliases.Remove("/?");
}

await Completions.PrepareAsync(root, args);

var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
if (parsed.Errors.Count > 0)
    return Misuse.Tell(parsed);

// Ctrl-C is the commands' own business: a run ends gently and says how to go on.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
return await Failures.GuardAsync(() => parsed.InvokeAsync(invocation));
