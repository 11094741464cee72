using System.CommandLine;
using System.CommandLine.Parsing;
using AiMe.Corpora;

namespace AiMe.Console.Commands;

/// <summary>A command line that cannot be understood.</summary>
internal static class ParseErrors
{
    /// <summary>Says what is wrong with it on standard error, with the nearest spelling; standard output stays clean.</summary>
    public static int Tell(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] known = [.. command.Options.Select(o => o.Name), .. command.Subcommands.Select(c => c.Name), "--help"];
        foreach (var token in parsed.UnmatchedTokens)
            System.Console.Error.WriteLine($"'{token}' is not understood{Nearest.Hint(token, known)}");
        // Each unknown word is an error too, and so is the command that is then missing: both have been told.
        foreach (var error in parsed.Errors.Where(e => parsed.UnmatchedTokens.Count == 0 || !(e.SymbolResult is null or CommandResult)))
            System.Console.Error.WriteLine(Missing(parsed, error) ?? error.Message);
        System.Console.Error.WriteLine($"`aime {(command is RootCommand ? "" : $"{Help.OptionNames.Of(command)} ")}--help` shows what is.");
        return ExitCode.Usage;
    }

    // The parser says that something is missing, and not what.
    private static string? Missing(ParseResult parsed, ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0 } result
        && result.Argument.Arity.MinimumNumberOfValues > 0
        && parsed.UnmatchedTokens.Count == 0
            ? $"<{result.Argument.HelpName ?? result.Argument.Name}> is missing: {result.Argument.Description}"
            : null;
}
