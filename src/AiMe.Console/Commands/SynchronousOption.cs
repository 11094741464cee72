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
                "When a write reaches the disk: full, before it is acknowledged; or normal, which is faster, but a power loss may "
                + "undo the last writes (a killed process loses nothing either way). Default: $AIME_SYNCHRONOUS, else full",
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
