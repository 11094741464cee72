using System.CommandLine;
using AiMe.Console;
using AiMe.Console.Commands;

var root = new RootCommand("AiMe: what becomes of a language-model agent that keeps being trained on what it itself said?")
{
    RunCommand.Create(),
    StatusCommand.Create(),
    ListCommand.Create(),
    ShowCommand.Create(),
    ReplayCommand.Create(),
    CompareCommand.Create(),
    ExportCommand.Create(),
    ValidateCommand.Create(),
    DoctorCommand.Create(),
};

var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
if (parsed.Errors.Count > 0)
    return Misuse.Tell(parsed);

// Ctrl-C is the commands' own business: a run ends gently and says how to go on.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
return await Failures.GuardAsync(() => parsed.InvokeAsync(invocation));
