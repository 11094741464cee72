using System.CommandLine;
using AiMe.Console;
using AiMe.Console.Commands;

var root = CommandLine.Root();
await Completions.PrepareAsync(root, args);

var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
if (parsed.Errors.Count > 0)
    return ParseErrors.Tell(parsed);

// The commands handle Ctrl-C themselves: a run stops at a boundary and prints how to resume.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
return await Failures.GuardAsync(() => parsed.InvokeAsync(invocation));
