using System.CommandLine;
using AiMe.Models.Corpora;

namespace AiMe.Console;

/// <summary>A command line that cannot be understood.</summary>
internal static class Misuse
{
    /// <summary>Says what is wrong with it on standard error, with the nearest spelling; standard output stays clean.</summary>
    public static int Tell(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] known = [.. command.Options.Select(o => o.Name), .. command.Subcommands.Select(c => c.Name), "--help"];
        foreach (var token in parsed.UnmatchedTokens)
            System.Console.Error.WriteLine($"'{token}' is not understood{Nearest.Hint(token, known)}");
        // Each unknown word is an error too, and so is the command that is then missing: both have been told.
        foreach (var error in parsed.Errors.Where(e => parsed.UnmatchedTokens.Count == 0 || !(e.SymbolResult is null or System.CommandLine.Parsing.CommandResult)))
            System.Console.Error.WriteLine(error.Message);
        System.Console.Error.WriteLine($"`aime {(command is RootCommand ? "" : $"{command.Name} ")}--help` shows what is.");
        return ExitCode.Usage;
    }
}
