using System.CommandLine;
using AiMe.Corpora;
using AiMe.Journal;

namespace AiMe.Console.Commands;

/// <summary><c>--synchronous full|normal</c>: when writes reach the disk.</summary>
internal static class SynchronousOption
{
    private const string Variable = "AIME_SYNCHRONOUS";
    private static readonly string[] Known = [.. Enum.GetNames<Synchronous>().Select(n => n.ToLowerInvariant())];

    public static Option<Synchronous> Create()
    {
        var option = new Option<Synchronous>("--synchronous")
        {
            Description =
                "When writes reach the disk. full: before they are acknowledged. normal: later, which is faster; a power loss may "
                + "undo the last writes, a killed process undoes none. Default: $AIME_SYNCHRONOUS, else full",
            HelpName = string.Join('|', Known),
            CustomParser = result => Parse("--synchronous", result.Tokens is [var token] ? token.Value : "", result.AddError),
            DefaultValueFactory = result =>
                Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
                    ? Parse(Variable, given, result.AddError)
                    : Synchronous.Full,
        };
        option.CompletionSources.Add(Known);
        return option;
    }

    private static Synchronous Parse(string where, string found, Action<string> refuse)
    {
        if (Known.Contains(found, StringComparer.Ordinal))
            return Enum.Parse<Synchronous>(found, ignoreCase: true);
        refuse($"{where}: found '{found}', expected one of {string.Join(", ", Known)}{Nearest.Hint(found, Known)}");
        return Synchronous.Full;
    }
}
