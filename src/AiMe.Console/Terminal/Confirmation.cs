using AiMe.Console.Commands;

namespace AiMe.Console.Terminal;

/// <summary>Asks before something is done that cannot be undone.</summary>
internal static class Confirmation
{
    /// <summary>The option that answers yes beforehand.</summary>
    public static System.CommandLine.Option<bool> YesOption() =>
        new("--yes") { Description = "Do not ask; required if standard input is not a terminal" };

    /// <summary>Asks on the terminal; only y and yes are consent.</summary>
    /// <exception cref="UsageException">There is no terminal to ask on.</exception>
    public static bool Ask(string question, bool yes)
    {
        if (yes)
            return true;
        if (System.Console.IsInputRedirected)
            throw new UsageException("standard input is not a terminal, so nobody can be asked; expected --yes. Nothing was changed.");
        System.Console.Error.Write($"{question} [y/N] ");
        return IsConsent(System.Console.In.ReadLine());
    }

    /// <summary>Whether an answer is consent.</summary>
    internal static bool IsConsent(string? answer) => answer?.Trim().ToLowerInvariant() is "y" or "yes";
}
