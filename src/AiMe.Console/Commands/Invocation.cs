using AiMe.Journal;

namespace AiMe.Console.Commands;

/// <summary>A word of a command line, or a store.</summary>
internal readonly record struct Word(string Text, StoreAddress? Store)
{
    public static implicit operator Word(string text) => new(text, null);

    public static implicit operator Word(StoreAddress store) => new("", store);
}

/// <summary>How this program was started, so that suggested commands can be copied.</summary>
internal static class Invocation
{
    /// <summary>The beginning of a command line that starts this program as this process was started.</summary>
    public static string Program { get; } = string.Join(' ', Launch.OfThisProcess().Words.Select(Quoted));

    /// <summary>A command line to copy.</summary>
    public static string Of(params ReadOnlySpan<string> arguments)
    {
        List<string> words = [Program];
        foreach (var argument in arguments)
            words.Add(Quoted(argument));
        return string.Join(' ', words);
    }

    /// <summary>A command line to copy, with the options that name a store.</summary>
    public static string Of(params ReadOnlySpan<Word> arguments)
    {
        List<string> words = [];
        foreach (var argument in arguments)
        {
            if (argument.Store is null)
            {
                words.Add(argument.Text);
                continue;
            }

            if (words is [.., "--store"])
                words.RemoveAt(words.Count - 1);
            words.AddRange(argument.Store.Arguments);
        }

        return Of([.. words]);
    }

    // Quotes every argument that a shell would not read as plain text.
    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./=:,+@%\\".Contains(c))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
