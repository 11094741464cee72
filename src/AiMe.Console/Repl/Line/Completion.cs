using System.Collections.Immutable;

namespace AiMe.Console.Repl.Line;

/// <summary>The result of the Tab key.</summary>
/// <param name="Text">The line with the unambiguous part completed.</param>
/// <param name="Choices">The possible completions, if there are several.</param>
internal sealed record Completion(string Text, ImmutableArray<string> Choices)
{
    /// <summary>Completes the name of a command, or its argument.</summary>
    /// <param name="names">Names of the commands, without the slash.</param>
    /// <param name="values">Possible arguments of a command, by its name.</param>
    public static Completion Of(string text, IEnumerable<string> names, Func<string, IEnumerable<string>> values)
    {
        if (!text.StartsWith('/') || text.StartsWith("//", StringComparison.Ordinal) || text.Contains('\n'))
            return new(text, []);
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? Among(text, "/", names, " ") : Among(text, text[..(blank + 1)], values(text[1..blank]), "");
    }

    private static Completion Among(string text, string head, IEnumerable<string> words, string tail)
    {
        var begun = text[head.Length..];
        ImmutableArray<string> fit = [.. words.Where(w => w.StartsWith(begun, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        if (fit.IsEmpty)
            return new(text, []);
        if (fit.Length == 1)
            return new(head + fit[0] + tail, []);
        var common = fit[0].Length;
        foreach (var word in fit)
            common = Math.Min(common, CommonLength(fit[0], word));
        return new(head + fit[0][..common], fit);
    }

    private static int CommonLength(string a, string b)
    {
        var length = 0;
        while (length < a.Length && length < b.Length && a[length] == b[length])
            length++;
        return length;
    }
}
