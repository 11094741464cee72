using System.CommandLine;
using System.CommandLine.Parsing;
using AiMe.Corpora;

namespace AiMe.Console.Commands;

/// <summary>A command line that cannot be parsed.</summary>
internal static class ParseErrors
{
    /// <summary>Prints the errors on standard error, with the nearest spelling.</summary>
    public static int Tell(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] known = [.. command.Options.Select(o => o.Name), .. command.Subcommands.Select(c => c.Name), "--help"];
        foreach (var token in parsed.UnmatchedTokens)
            System.Console.Error.WriteLine($"unknown word '{token}'{Nearest.Hint(token, known)}");
        // Each unknown word causes a parse error too, and so does the missing subcommand: both are already reported.
        foreach (var error in parsed.Errors.Where(e => parsed.UnmatchedTokens.Count == 0 || !(e.SymbolResult is null or CommandResult)))
            System.Console.Error.WriteLine(Missing(parsed, error) ?? error.Message);
        System.Console.Error.WriteLine($"For help: `aime {(command is RootCommand ? "" : $"{Help.OptionNames.Of(command)} ")}--help`.");
        return ExitCode.Usage;
    }

    // The parser reports a missing argument without its name.
    private static string? Missing(ParseResult parsed, ParseError error) =>
        error.SymbolResult is ArgumentResult { Tokens.Count: 0 } result
        && result.Argument.Arity.MinimumNumberOfValues > 0
        && parsed.UnmatchedTokens.Count == 0
            ? $"<{result.Argument.HelpName ?? result.Argument.Name}> is missing: {result.Argument.Description}"
            : null;
}
