using AiMe.Journal;

namespace AiMe.Console.Commands;

/// <summary>A word of a command line, or a store.</summary>
internal readonly record struct Word(string Text, StoreAddress? Store)
{
    public static implicit operator Word(string text) => new(text, null);

    public static implicit operator Word(StoreAddress store) => new("", store);
}

/// <summary>How this program was started, so that the commands it suggests can be copied as they are.</summary>
internal static class Invocation
{
    /// <summary><c>aime</c>, or the whole <c>dotnet run --project ... --</c> where it runs from its project's output.</summary>
    public static string Program { get; } = Find();

    /// <summary>A command line to copy.</summary>
    public static string Of(params ReadOnlySpan<string> arguments)
    {
        List<string> words = [Program];
        foreach (var argument in arguments)
            words.Add(Quoted(argument));
        return string.Join(' ', words);
    }

    /// <summary>A command line to copy, in which a store stands behind <c>--store</c> as whatever names it.</summary>
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

    // As a shell takes it: what it would read as anything but plain text stands in quotes.
    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./=:,+@%\\".Contains(c))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // bin/<configuration>/<framework>/ below a project: started by `dotnet run`.
    private static string Find()
    {
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
        return File.Exists(Path.Combine(project, "AiMe.Console.csproj"))
            ? $"dotnet run --project {Path.GetRelativePath(Environment.CurrentDirectory, project)} --"
            : "aime";
    }
}
